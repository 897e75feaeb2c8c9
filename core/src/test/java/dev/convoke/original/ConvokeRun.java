package dev.convoke.original;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.DrainReport;
import dev.convoke.event.EventArguments;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs one script through Convoke.
 *
 * <p>Steps are confined to one thread; what listeners use is thread-safe.
 */
final class ConvokeRun {
    private final ListenerOptions options;
    private final AsyncEventCoordinator coordinator = new AsyncEventCoordinator();
    private final Transcript transcript = new Transcript();
    private final Rest rest = new Rest();
    private final Map<String, AsyncListener<EventArguments>> listeners = new ConcurrentHashMap<>();
    private final Map<String, ScriptedPublication> publications = new ConcurrentHashMap<>();

    /** The listener's id at the coordinator → its label. */
    private final Map<String, String> labels = new ConcurrentHashMap<>();

    private final Map<String, Boom> booms = new ConcurrentHashMap<>();

    /** Delivery → what goes on with it, by the delivery's id. */
    private final ConcurrentSkipListMap<String, Runnable> suspended = new ConcurrentSkipListMap<>();

    private final AtomicInteger step = new AtomicInteger();

    private ConvokeRun(ListenerOptions options) {
        this.options = options;
    }

    /** The transcript of a script whose listeners are subscribed with these options. */
    static List<String> transcript(Script script, ListenerOptions options) throws InterruptedException {
        ConvokeRun run = new ConvokeRun(options);
        try {
            for (String line : script.lines()) {
                run.performOrFinish(line);
            }
        } catch (AssertionError | RuntimeException e) {
            // It is in the transcript, which shows more than it does.
        }
        run.close();
        return run.transcript.lines();
    }

    private void close() {
        DrainReport report = coordinator.close(Duration.ofSeconds(1));
        if (report.cancelled() > 0 || !report.abandoned().isEmpty()) {
            transcript.other("left over: " + report);
        }
    }

    // ---- steps ----

    private void performOrFinish(String line) throws InterruptedException {
        if (!line.equals("finish")) {
            perform(line);
            return;
        }
        while (!suspended.isEmpty()) {
            perform("release 0");
        }
    }

    private void perform(String line) throws InterruptedException {
        int number = step.incrementAndGet();
        List<String> words = List.of(line.split(" ", -1));
        try {
            perform(words.get(0), words.subList(1, words.size()));
            rest.await();
        } catch (AssertionError | RuntimeException e) {
            transcript.other(e.toString());
            throw e;
        } finally {
            transcript.endStep(number + " " + line);
        }
    }

    private void perform(String command, List<String> words) {
        switch (command) {
            case "listener" -> declare(words.get(0), words.subList(1, words.size()));
            case "subscribe" -> subscribe(words.get(0), words.get(1));
            case "refuse" -> refuse(words.get(0), words.get(1));
            case "publish" -> publish(words.get(0), words.get(1), Values.arguments(words.subList(2, words.size())));
            case "await" -> gather(words.get(0));
            case "release" -> release(Integer.parseInt(words.get(0)));
            case "cancel" -> publication(words.get(0)).cancel();
            case "table" -> table();
            default -> throw new IllegalArgumentException("no step: " + command);
        }
    }

    private void declare(String label, List<String> actions) {
        listeners.put(label, new ScriptedListener(this, label, actions).asynchronous());
    }

    /** The original refuses what is not an asynchronous function; most of that does not compile here. */
    private void refuse(String event, String what) {
        AsyncListener<EventArguments> blocking = AsyncListener.blocking(arguments -> {});
        try {
            coordinator.subscribeToEvent(event, what.equals("nothing") ? null : blocking, options.inline());
        } catch (NullPointerException | IllegalArgumentException refused) {
            transcript.other("refused");
        }
        table();
    }

    private void release(int number) {
        List<String> ids = List.copyOf(suspended.keySet());
        if (!ids.isEmpty()) {
            suspended.remove(ids.get(number % ids.size())).run();
        }
    }

    private void table() {
        coordinator.listeners().forEach((event, infos) -> transcript.other(event + ": " + infos.size()));
    }

    // ---- what listeners use ----

    void subscribe(String event, String label) {
        Subscription subscription = coordinator.subscribeToEvent(event, listeners.get(label), options);
        labels.put(subscription.listenerId(), label);
    }

    ScriptedPublication publish(String id, String event, EventArguments arguments) {
        Map<String, String> deliveries = deliveries(id, coordinator.listeners(event));
        Rest.OfPublication known = rest.publication(id, deliveries.size());
        ScriptedPublication publication = new ScriptedPublication(known, deliveries, new CompletableFuture<>());
        publications.put(id, publication);
        publication.made().complete(coordinator.publishEvent(event, arguments.with("of", id)));
        // Asked at once, so that a step is not over before the coordinator knows of a failure that came in it.
        known.asked();
        publication.publication().gather().whenComplete((values, failure) -> known.answered());
        return publication;
    }

    /** The listener's id → the delivery's: the listener's label, with a number where it is there a second time. */
    private Map<String, String> deliveries(String publication, List<ListenerInfo> snapshot) {
        Map<String, String> deliveries = new HashMap<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (ListenerInfo listener : snapshot) {
            String label = labels.get(listener.id());
            int number = numbers.merge(label, 1, Integer::sum);
            deliveries.put(listener.id(), publication + "/" + label + (number == 1 ? "" : "#" + number));
        }
        return deliveries;
    }

    /** Awaits a publication's results; what depends on that goes on when they are in the transcript. */
    CompletableFuture<List<Object>> gather(String id) {
        ScriptedPublication publication = publication(id);
        publication.rest().asked();
        return publication.publication().gather().whenComplete((values, failure) -> {
            transcript.saw(id, render(values, failure));
            publication.rest().answered();
        });
    }

    ScriptedPublication publication(String id) {
        return publications.get(id);
    }

    Boom boom(String delivery) {
        Boom boom = new Boom(delivery, step.get());
        booms.put(boom.getMessage(), boom);
        return boom;
    }

    Map<String, Runnable> suspended() {
        return suspended;
    }

    Transcript transcript() {
        return transcript;
    }

    /** What a listener ended with, or what a publisher was told, which is the same exception object. */
    String render(Object value, Throwable failure) {
        if (failure == null) {
            return "returned " + Values.render(value);
        }
        if (failure instanceof CancellationException) {
            return "cancelled";
        }
        boolean same = failure instanceof Boom && booms.get(failure.getMessage()) == failure;
        return same ? "failed " + failure.getMessage() : "failed with another exception: " + failure;
    }
}
