package dev.convoke.model;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.PublishOptions;
import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.Unheard;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import dev.convoke.model.Scenario.Ask;
import dev.convoke.model.Scenario.Options;
import dev.convoke.model.Scenario.Request;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.testkit.InterleavingExecutor;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * A coordinator whose listeners do as their plans say, and what it shows.
 *
 * <p>Confined to one thread.
 */
final class Subject {
    /** What a listener fails with. */
    static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1;

        Planned(String message) {
            super(message, null, false, false);
        }
    }

    /** Of the story; it is made text where it is read. */
    private record Line(String what, Object detail) {
        @Override
        public String toString() {
            return what + detail;
        }
    }

    final ManualTicker ticker = new ManualTicker();
    final AsyncEventCoordinator coordinator;
    final List<EventType<Integer>> types = List.of(
            EventType.of("a", Integer.class),
            EventType.of("b", Integer.class),
            EventType.of("c", Integer.class).whenUnheard(Unheard.FAIL));

    final List<Subscription> subscriptions = new ArrayList<>();

    /** By number; null while its publisher is not back. */
    final List<Publication<Integer>> publications = new ArrayList<>();

    /** By the number of the call that returned it. */
    final Map<Integer, CompletableFuture<Object>> stages = new TreeMap<>();

    /** What happened in this step. */
    final List<Seen> shown = new ArrayList<>();

    final List<UnobservedFailure> reported = new ArrayList<>();

    /** All steps, for who has to read them. */
    final List<Object> story = new ArrayList<>();

    private final InterleavingExecutor executor;
    private final Scenario scenario;
    private int calls;
    private int shutting;

    Subject(InterleavingExecutor executor, Scenario scenario, Scenario.Bounds bounds) {
        this.executor = executor;
        this.scenario = scenario;
        this.coordinator = AsyncEventCoordinator.builder()
                .executor(executor)
                .background(this::aside)
                .ticker(ticker)
                .maxInFlight(bounds.maxInFlight())
                .overflow(bounds.overflow())
                .deadLetterCapacity(bounds.deadLetters())
                .unobservedAfter(Duration.ofNanos(Scenario.GRACE))
                .onUnobservedFailure(reported::add)
                .observer(new Showing())
                .build();
        story.add(bounds);
    }

    /** What a closed or paused listener holds back is told so before that call returns, as if by a quick thread. */
    private void aside(Runnable task) {
        if (shutting > 0) {
            task.run();
        } else {
            executor.execute(task);
        }
    }

    void begin(String step, Object detail) {
        story.add(new Line(step, detail));
        shown.clear();
    }

    String told() {
        return story.stream().map(Object::toString).collect(Collectors.joining(System.lineSeparator()));
    }

    // ---- what is done with the coordinator ----

    void subscribe(Options options) {
        int number = subscriptions.size();
        EventType<Integer> type = types.get(options.event());
        subscriptions.add(coordinator.subscribeToEvent(
                type,
                AsyncListener.withContext((payload, context) -> called(number, payload, context)),
                optionsOf(number, options)));
    }

    private static ListenerOptions optionsOf(int number, Options options) {
        ListenerOptions made = ListenerOptions.named("" + number);
        made = options.inline() ? made.inline() : made;
        made = options.timeout() > 0 ? made.timeout(Duration.ofNanos(options.timeout())) : made;
        made = options.attempts() > 0 ? made.retry(retryOf(options.attempts())) : made;
        made = options.concurrency() < Integer.MAX_VALUE ? made.concurrency(options.concurrency()) : made;
        made = made.queue(options.queue(), options.overflow());
        made = options.ordered() ? made.ordered() : made;
        made = options.once() ? made.once() : made;
        return options.filter() == Scenario.Filter.NONE ? made : made.onlyIf(event -> wants(options, event));
    }

    private static boolean wants(Options options, Event<?> event) {
        int number = (Integer) event.payload();
        if (options.filter().fails(number)) {
            throw new Planned("filter");
        }
        return options.filter().wants(number);
    }

    private static RetryPolicy retryOf(int attempts) {
        return RetryPolicy.exponential(attempts)
                .backoff(Duration.ofNanos(Scenario.BACKOFF), Duration.ofNanos(Scenario.LONGEST_BACKOFF))
                .jitter(0)
                .on(failure -> !causeOf(failure).startsWith("final"));
    }

    void publish(Request request) {
        int number = publications.size();
        publications.add(null);
        PublishOptions options = PublishOptions.defaults();
        options = request.key() == null ? options : options.key(request.key());
        options = request.deadline() == 0 ? options : options.deadline(Duration.ofNanos(request.deadline()));
        options = switch (request.order()) {
            case CONCURRENT -> options;
            case ONE_BY_ONE -> options.oneByOne();
            case UNTIL_FAILURE -> options.stopOnFailure();
        };
        publications.set(number, coordinator.publishEvent(types.get(request.event()), number, options));
        toAsk.add(new ToAsk(number, request.ask()));
    }

    record ToAsk(int number, Ask how) {}

    /** Whom the publishers that are back want to be asked. */
    final List<ToAsk> toAsk = new ArrayList<>();

    void close(int listener) {
        shutting++;
        subscriptions.get(listener).close();
        shutting--;
    }

    void pause(int listener) {
        shutting++;
        subscriptions.get(listener).pause();
        shutting--;
    }

    /** A listener. */
    private CompletionStage<?> called(int listener, Integer payload, EventContext context) {
        int call = ++calls;
        show(Seen.Kind.START, payload, "" + listener, "attempt " + context.attempt());
        Scenario.Plan plan = scenario.plan(call);
        story.add(new Line("        call " + call + ": ", plan));
        plan.actions().forEach(action -> act(action, payload));
        return switch (plan.ending()) {
            case VALUE -> CompletableFuture.completedFuture("v" + call);
            case THROWN -> throw new Planned("boom " + call);
            case FAILED -> CompletableFuture.failedFuture(new CompletionException(new Planned("boom " + call)));
            case FAILED_FINALLY -> CompletableFuture.failedFuture(new Planned("final " + call));
            case CANCELLED -> cancelled();
            case NULL -> null;
            case PENDING -> pending(call);
        };
    }

    private static CompletableFuture<Object> cancelled() {
        CompletableFuture<Object> cancelled = new CompletableFuture<>();
        cancelled.cancel(false);
        return cancelled;
    }

    private CompletableFuture<Object> pending(int call) {
        CompletableFuture<Object> pending = new CompletableFuture<>();
        stages.put(call, pending);
        return pending;
    }

    private void act(Scenario.Action action, int payload) {
        if (action instanceof Scenario.Publish publish) {
            if (Scenario.mayPublish(publications.size())) {
                publish(publish.request());
            }
        } else if (action instanceof Scenario.Subscribe subscribe) {
            if (Scenario.maySubscribe(subscriptions.size())) {
                subscribe(subscribe.options());
            }
        } else if (action instanceof Scenario.Close close) {
            close(close.listener() % subscriptions.size());
        } else if (action instanceof Scenario.Pause pause) {
            pause(pause.listener() % subscriptions.size());
        } else if (publications.get(payload) != null) {
            publications.get(payload).cancel();
        }
    }

    // ---- what the coordinator shows ----

    /** Writes down what the coordinator tells. */
    private final class Showing implements CoordinatorObserver {
        @Override
        public void onRetry(Event<?> event, DeliveryResult failed, int attempt, Duration delay) {
            String detail = "attempt " + attempt + " in " + delay.toNanos() + " after " + text(failed);
            show(Seen.Kind.RETRY, event.payload(), failed.listener(), detail);
        }

        @Override
        public void onResult(Event<?> event, DeliveryResult result) {
            show(Seen.Kind.RESULT, event.payload(), result.listener(), text(result));
        }

        @Override
        public void onDeadLetter(DeadLetter letter) {
            String detail = "attempts " + letter.attempts() + ", " + causeOf(letter.cause());
            show(Seen.Kind.DEAD, letter.event().payload(), letter.listener(), detail);
        }
    }

    private void show(Seen.Kind kind, Object payload, String listener, String detail) {
        Seen seen = new Seen(kind, (Integer) payload, Integer.parseInt(listener), detail);
        shown.add(seen);
        story.add(new Line("        ", seen));
    }

    static String text(DeliveryResult result) {
        String what = result.getClass().getSimpleName();
        if (result instanceof DeliveryResult.Succeeded succeeded) {
            what += " " + succeeded.value();
        } else if (result instanceof DeliveryResult.Failed failed) {
            what += " " + causeOf(failed.cause());
        } else if (result instanceof DeliveryResult.TimedOut timedOut) {
            what += " " + timedOut.after().toNanos();
        } else if (result instanceof DeliveryResult.Skipped skipped) {
            what += " " + skipped.reason();
        } else if (result instanceof DeliveryResult.Rejected rejected) {
            what += " " + rejected.reason();
        }
        return what + " [attempts " + result.attempts() + ", took "
                + result.took().toNanos() + "]";
    }

    static String causeOf(Throwable cause) {
        return cause instanceof Planned ? cause.getMessage() : cause.getClass().getSimpleName();
    }
}
