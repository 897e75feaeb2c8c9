package dev.convoke.model;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.PublishOptions;
import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.DrainReport;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.Outcome;
import dev.convoke.event.Unheard;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import dev.convoke.model.Scenario.Ask;
import dev.convoke.model.Scenario.Ending;
import dev.convoke.model.Scenario.Options;
import dev.convoke.model.Scenario.Request;
import dev.convoke.spi.CoordinatorObserver;
import dev.convoke.testkit.InterleavingExecutor;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One scenario: takes each step with a coordinator and with the model, and compares.
 *
 * <p>Confined to one thread.
 */
final class ContractRun {
    /** What a listener fails with. */
    private static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1;

        Planned(String message) {
            super(message, null, false, false);
        }
    }

    private final InterleavingExecutor executor;
    private final SplittableRandom random;
    private final ManualTicker ticker = new ManualTicker();
    private final Scenario scenario;
    private final ContractModel model;
    private final Coverage coverage;
    private final AsyncEventCoordinator coordinator;
    private final List<EventType<Integer>> types = List.of(
            EventType.of("a", Integer.class),
            EventType.of("b", Integer.class),
            EventType.of("c", Integer.class).whenUnheard(Unheard.FAIL));

    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<Publication<Integer>> publications = new ArrayList<>();
    private final Map<Integer, CompletableFuture<Object>> stages = new TreeMap<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<Seen> shown = new ArrayList<>();
    private final List<UnobservedFailure> reported = new ArrayList<>();
    private final List<Object> story = new ArrayList<>();
    private int calls;
    private int numbers;
    private int shutting;

    /** Of the story; it is made text where it is read. */
    private record Line(String what, Object detail) {
        @Override
        public String toString() {
            return what + detail;
        }
    }

    /** A future that somebody waits for. */
    private record Asked(Parts.Publication of, Ask how, CompletableFuture<?> future) {}

    ContractRun(InterleavingExecutor executor, Coverage coverage) {
        this.executor = executor;
        this.random = executor.random();
        this.coverage = coverage;
        this.scenario = new Scenario(executor.seed());
        Scenario.Bounds bounds = scenario.bounds(random);
        this.model = new ContractModel(scenario, bounds, coverage);
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

    // ---- the scenario ----

    void run() {
        try {
            for (int i = random.nextInt(2, 6); i > 0; i--) {
                subscribe();
            }
            for (int steps = random.nextInt(10, 41); steps > 0; steps--) {
                step();
            }
            finish();
        } catch (Throwable e) {
            throw new AssertionError(e.getMessage() + System.lineSeparator() + told(), e);
        }
    }

    private String told() {
        return story.stream().map(Object::toString).collect(Collectors.joining(System.lineSeparator()));
    }

    private void step() {
        switch (random.nextInt(24)) {
            case 0, 20 -> subscribe();
            case 1, 2, 3, 4, 21, 22 -> publish();
            case 5 -> close();
            case 6, 23 -> pauseOrResume();
            case 7 -> cancel();
            case 8, 9, 10 -> complete();
            case 11, 12 -> advance(random.nextInt(1, 3) * Scenario.BACKOFF);
            case 13 -> advanceToTheMoment();
            case 14, 15, 16 -> runOne();
            case 17 -> runAll();
            case 18 -> deadLetter();
            default -> ask();
        }
    }

    private void subscribe() {
        if (Scenario.maySubscribe(subscriptions.size())) {
            Options options = scenario.options(random);
            begin("subscribe " + subscriptions.size() + " ", options);
            subscribe(options);
            model().subscribe(options);
            compare();
        }
    }

    private void publish() {
        if (Scenario.mayPublish(numbers)) {
            Request request = scenario.request(random);
            begin("publish " + numbers + " ", request);
            publish(request);
            model().publish(request, null);
            compare();
        }
    }

    private void close() {
        int listener = random.nextInt(subscriptions.size());
        begin("close " + listener);
        close(listener);
        model().close(model.listeners.get(listener));
        compare();
    }

    private void pauseOrResume() {
        int any = random.nextInt(subscriptions.size());
        int listener = model.listeners.stream()
                .filter(l -> l.paused && !l.closed)
                .findFirst()
                .map(l -> l.number)
                .orElse(any);
        boolean resume = model.listeners.get(listener).paused;
        begin((resume ? "resume " : "pause ") + listener);
        if (resume) {
            subscriptions.get(listener).resume();
            model().listeners.get(listener).paused = false;
        } else {
            pause(listener);
            model().pause(model.listeners.get(listener));
        }
        compare();
    }

    private void cancel() {
        if (!publications.isEmpty()) {
            int number = random.nextInt(publications.size());
            begin("cancel " + number);
            boolean cancelled = publications.get(number).cancel();
            expect("cancelled", model().cancel(number), cancelled);
            compare();
        }
    }

    private void complete() {
        if (!stages.isEmpty()) {
            int call = Scenario.any(random, stages.keySet().toArray(new Integer[0]));
            completeStage(call, Scenario.any(random, Ending.values()));
        }
    }

    private void completeStage(int call, Ending ending) {
        Ending how =
                ending == Ending.PENDING || ending == Ending.NULL || ending == Ending.THROWN ? Ending.VALUE : ending;
        begin("complete call " + call + " " + how);
        CompletableFuture<Object> stage = stages.remove(call);
        switch (how) {
            case FAILED -> stage.completeExceptionally(new Planned("boom " + call));
            case FAILED_FINALLY -> stage.completeExceptionally(new Planned("final " + call));
            case CANCELLED -> stage.cancel(false);
            default -> stage.complete("v" + call);
        }
        model().complete(call, how);
        compare();
    }

    private void advance(long nanos) {
        begin("advance " + nanos);
        ticker.advance(Duration.ofNanos(nanos));
        model();
        compare();
    }

    /** One nanosecond before something is due nothing happens, and then it does. */
    private void advanceToTheMoment() {
        long next = model.deliveries.stream()
                .flatMap(d -> Stream.of(d.due, d.start + d.listener.options.timeout(), d.publication.deadline))
                .filter(due -> due > ticker.nanoTime() && due != Parts.NEVER)
                .min(Comparator.naturalOrder())
                .orElse(0L);
        if (next > ticker.nanoTime() + 1) {
            advance(next - 1 - ticker.nanoTime());
            runAll();
            advance(1);
            runAll();
        }
    }

    private void runOne() {
        if (executor.waiting() > 0) {
            begin("run a task");
            executor.runOne();
            model().task();
            compareTask();
        }
    }

    private void runAll() {
        while (executor.waiting() > 0) {
            runOne();
        }
    }

    private void deadLetter() {
        if (model.letters.isEmpty()) {
            return;
        }
        int index = random.nextInt(model.letters.size());
        Parts.Letter letter = model.letters.get(index);
        String id = coordinator.deadLetters().list().get(index).id();
        if (Scenario.oneIn(random, 4)) {
            begin("discard dead letter " + index);
            expect("discarded", true, coordinator.deadLetters().discard(id));
            model().letters.remove(index);
        } else {
            begin("retry dead letter " + index);
            retry(letter, id);
        }
        compare();
    }

    private void retry(Parts.Letter letter, String id) {
        boolean isPossible = model.canRetry(letter);
        try {
            CompletableFuture<DeliveryResult> result = coordinator.deadLetters().retry(id);
            expect("whether it may be retried", isPossible, true);
            coverage.count("dead letter retried");
            asked.add(new Asked(model().retry(letter), Ask.OUTCOME, result.thenApply(List::of)));
        } catch (IllegalStateException refused) {
            expect("whether it may be retried", isPossible, false);
            coverage.count("dead letter stays");
            model();
        }
    }

    private void ask() {
        if (!publications.isEmpty()) {
            int number = random.nextInt(publications.size());
            Parts.Publication p = byNumber(number);
            begin("ask " + number);
            ask(p, publications.get(number), Scenario.any(random, Ask.values()));
            model();
            compare();
        }
    }

    private Parts.Publication byNumber(int number) {
        return model.publications.stream()
                .filter(p -> p.number == number)
                .findFirst()
                .orElseThrow();
    }

    private void ask(Parts.Publication p, Publication<Integer> real, Ask how) {
        switch (how) {
            case OUTCOME -> asked.add(new Asked(p, how, real.outcome().thenApply(this::resultsOf)));
            case GATHER -> asked.add(new Asked(p, how, real.gather()));
            case FIRST -> asked.add(new Asked(p, how, real.first()));
            case NOTHING -> {}
        }
        p.asked |= how != Ask.NOTHING;
    }

    private List<DeliveryResult> resultsOf(Outcome outcome) {
        return outcome.results();
    }

    private void finish() {
        if (Scenario.oneIn(random, 2)) {
            for (int i = 0; i < 50 && !stages.isEmpty(); i++) {
                completeStage(stages.keySet().iterator().next(), Ending.VALUE);
                runAll();
                advance(Scenario.LONGEST_BACKOFF);
                runAll();
            }
        }
        begin("close the coordinator");
        DrainReport report = coordinator.close(Duration.ZERO);
        expect("report", new DrainReport(0, model().closeAll(), List.of()), report);
        compareShown();
        runAll();
        publish();
        advance(10 * Scenario.GRACE);
        runAll();
        for (int number = 0; number < publications.size(); number++) {
            ask(byNumber(number), publications.get(number), Ask.OUTCOME);
        }
        compareFutures();
        expect(
                "never reported",
                List.of(),
                model.unobserved.stream()
                        .filter(u -> !u.delivery().publication.asked)
                        .toList());
    }

    // ---- what is done with the coordinator ----

    private void subscribe(Options options) {
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

    private void publish(Request request) {
        int number = numbers++;
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

    private record ToAsk(int number, Ask how) {}

    private final List<ToAsk> toAsk = new ArrayList<>();

    private void close(int listener) {
        shutting++;
        subscriptions.get(listener).close();
        shutting--;
    }

    private void pause(int listener) {
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
            if (Scenario.mayPublish(numbers)) {
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

    // ---- comparing ----

    private void begin(String step) {
        begin(step, "");
    }

    private void begin(String step, Object detail) {
        story.add(new Line(step, detail));
        shown.clear();
    }

    /** The model, which is to take the step that the coordinator has taken. */
    private ContractModel model() {
        model.begin(ticker.nanoTime(), shown);
        return model;
    }

    private void compare() {
        compareTask();
        compareTables();
    }

    private void compareTask() {
        compareShown();
        askNow();
        compareReports();
        if (executor.waiting() == 0) {
            expect("overdue", List.of(), model.overdue());
        }
        compareFutures();
    }

    private void compareShown() {
        if (!shown.equals(model.told)) {
            expect("listeners called", starts(model.told), starts(shown));
            expect("what happened", sorted(model.told), sorted(shown));
        }
    }

    private static List<String> sorted(List<Seen> seen) {
        return seen.stream().map(Seen::toString).sorted().toList();
    }

    private static void expect(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + System.lineSeparator() + "  expected: " + expected + System.lineSeparator()
                    + "  but was:  " + actual);
        }
    }

    private static List<Seen> starts(List<Seen> seen) {
        return seen.stream().filter(s -> s.kind() == Seen.Kind.START).toList();
    }

    private void askNow() {
        for (ToAsk next : toAsk) {
            ask(byNumber(next.number()), publications.get(next.number()), next.how());
        }
        toAsk.clear();
    }

    private void compareTables() {
        for (int event = 0; event < Scenario.EVENTS; event++) {
            List<ListenerInfo> listed = coordinator.listeners(types.get(event).name());
            expect("listeners", texts(model.listed(event), ContractRun::text), texts(listed, ContractRun::text));
        }
        List<DeadLetter> letters = coordinator.deadLetters().list();
        expect("dead letters", texts(model.letters, ContractRun::text), texts(letters, this::text));
        expect(
                "dead letters dropped",
                model.lettersDropped,
                coordinator.deadLetters().dropped());
    }

    private static <T> List<String> texts(List<T> all, Function<T, String> text) {
        return all.stream().map(text).toList();
    }

    private static String text(Parts.Listener listener) {
        return listener.number + (listener.paused ? " paused" : "");
    }

    private static String text(ListenerInfo info) {
        return info.id() + (info.paused() ? " paused" : "");
    }

    private String text(DeadLetter letter) {
        long time = Duration.between(ticker.instant(), letter.time()).toNanos() + ticker.nanoTime();
        return letter.event().payload() + " at " + letter.listener() + ", attempts " + letter.attempts() + ", "
                + causeOf(letter.cause()) + ", time " + time;
    }

    private static String text(Parts.Letter letter) {
        return letter.number() + " at " + letter.delivery().listener.number + ", attempts " + letter.attempts() + ", "
                + letter.cause() + ", time " + letter.time();
    }

    /** Each report is of a failure that nobody asked for in time, and comes once. */
    private void compareReports() {
        for (UnobservedFailure failure : reported) {
            if (!failure.listener().isEmpty()) {
                Parts.Unobserved found = model.unobserved.stream()
                        .filter(u -> isOf(failure, u.delivery()))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("nobody expects the report of " + failure));
                expect("whether it is time to report " + failure, true, found.due() <= model.now || model.closed);
                expect("whether somebody asked for " + failure, false, found.delivery().publication.asked);
                model.unobserved.remove(found);
                coverage.count("reported as unobserved");
            }
        }
        reported.clear();
    }

    private static boolean isOf(UnobservedFailure failure, Parts.Delivery d) {
        return failure.event().payload().equals(d.publication.number)
                && failure.listener().equals("" + d.listener.number)
                && d.result != null
                && d.result.cause().equals(causeOf(failure.cause()));
    }

    private void compareFutures() {
        for (Asked question : asked) {
            Parts.Publication p = question.of();
            boolean isAnsweredEarly = question.how() == Ask.GATHER && p.failure != null
                    || question.how() == Ask.FIRST && p.success != null;
            boolean isAtOnce = p.isDone() && !model.closed;
            if (isAtOnce || ((p.isDone() || isAnsweredEarly) && executor.waiting() == 0)) {
                expect("whether there is an answer", true, question.future().isDone());
                if (!p.isDone()) {
                    coverage.count(question.how() + " answered early");
                }
            }
            if (question.future().isDone()) {
                expect(question.how() + " of publication " + p.number, expected(question), answer(question.future()));
                expect("whether it is time to answer", true, p.isDone() || isAnsweredEarly);
            }
        }
        asked.removeIf(question -> question.future().isDone());
    }

    private static String answer(CompletableFuture<?> future) {
        try {
            Object value = future.join();
            return value instanceof List<?> list
                    ? list.stream()
                            .map(v -> v instanceof DeliveryResult r ? text(r) : "" + v)
                            .toList()
                            .toString()
                    : "" + value;
        } catch (CompletionException e) {
            return causeOf(e.getCause());
        } catch (java.util.concurrent.CancellationException e) {
            return causeOf(e);
        }
    }

    private static String expected(Asked question) {
        Parts.Publication p = question.of();
        return switch (question.how()) {
            case OUTCOME ->
                p.deliveries.stream().map(d -> "" + d.result).toList().toString();
            case GATHER ->
                p.refusal != null
                        ? "PublicationRefusedException"
                        : p.failure != null
                                ? p.failure.cause()
                                : p.deliveries.stream()
                                        .map(d -> valueOf(d.result))
                                        .toList()
                                        .toString();
            case FIRST ->
                p.refusal != null
                        ? "PublicationRefusedException"
                        : p.success != null ? valueOf(p.success) : "PublicationFailedException";
            case NOTHING -> "";
        };
    }

    private static String valueOf(Parts.Result result) {
        return result.is("Succeeded") ? result.what().substring("Succeeded ".length()) : "null";
    }
}
