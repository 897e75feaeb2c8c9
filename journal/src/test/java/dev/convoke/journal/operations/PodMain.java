package dev.convoke.journal.operations;

import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;

/** A process with a listener of each sort. */
final class PodMain extends Program implements Publisher {
    static final String SLOW = "slow";
    static final String LEDGER = "ledger";
    static final String MAIL = "mail";
    static final String FLAKY = "flaky";
    static final String FAST = "fast";

    /** What has to become of an event at each listener. */
    static final List<Expectation> EXPECTATIONS = List.of(
            Expectation.of(SLOW),
            Expectation.of(LEDGER).ordered().transactional(),
            Expectation.of(MAIL).ordered(),
            Expectation.of(FLAKY).dead(PodMain::isDoomed),
            Expectation.of(FAST));

    private static final EventType<Work> WORK =
            EventType.of("operations.work", Work.class).keyedBy(Work::key);
    private static final int FLAKY_ATTEMPTS = 4;

    /** Failures that faults cause are not what these listeners are to die of. */
    private static final RetryPolicy PATIENT = retry(1_000);

    private PodMain(String[] arguments) throws IOException {
        super(arguments);
    }

    public static void main(String[] arguments) throws Exception {
        new PodMain(arguments).work();
    }

    /** What is published. */
    record Work(String id, String key) {}

    static RetryPolicy retry(int attempts) {
        return RetryPolicy.exponential(attempts).backoff(Duration.ofMillis(50), Duration.ofMillis(500));
    }

    @Override
    void subscribe() {
        Handling handling = handling();
        subscribe(handling.plain(SLOW, 800), durable(SLOW));
        subscribe(handling.transactional(LEDGER, 10), durable(LEDGER).ordered());
        subscribe(handling.plain(MAIL, 15), durable(MAIL).ordered());
        subscribe(handling.failing(FLAKY, 20, PodMain::failures), durable(FLAKY).retry(retry(FLAKY_ATTEMPTS)));
        subscribe(handling.plain(FAST, 2), durable(FAST));
    }

    private void subscribe(AsyncListener<Work> listener, ListenerOptions options) {
        coordinator().subscribeToEvent(WORK, listener, options);
    }

    private static ListenerOptions durable(String name) {
        return ListenerOptions.named(name).durable().retry(PATIENT);
    }

    /** One event of five fails some times, and one of twenty always. */
    private static IntPredicate failures(String event) {
        int first = hash(event, 5) == 0 ? 1 + hash(event, 3) : 0;
        return attempt -> isDoomed(event) || attempt <= first;
    }

    /** Whether the event fails at {@link #FLAKY} whatever is done. */
    private static boolean isDoomed(String event) {
        return hash(event, 20) == 7;
    }

    private static int hash(String event, int bound) {
        return Math.floorMod((event.hashCode() * 31) >> 3, bound);
    }

    @Override
    Publisher publisher() {
        return this;
    }

    @Override
    public CompletableFuture<Receipt> publish(String id, String key) {
        return coordinator()
                .publishEvent(WORK, new Work(id, key), PublishOptions.defaults().id(id))
                .accepted();
    }

    @Override
    public void publishWithin(Connection connection, String id, String key) {
        journal()
                .publishWithin(
                        connection,
                        WORK,
                        new Work(id, key),
                        PublishOptions.defaults().id(id));
    }
}
