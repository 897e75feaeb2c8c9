package dev.convoke.journal.crash;

import static dev.convoke.listener.AsyncListener.blockingWithContext;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.Event;
import dev.convoke.event.EventType;
import dev.convoke.event.PublicationNotAcceptedException;
import dev.convoke.journal.JdbcJournal;
import dev.convoke.journal.JdbcListeners;
import dev.convoke.journal.TransactionalListener;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that publishes and handles until it is killed, or only handles until nothing is left: {@code DATABASE DIRECTORY
 * RUN publish|dawdle|faulty|drain}. One that dawdles has something unfinished at any moment; one that is faulty loses connections
 * while it publishes, and then handles until nothing is left. It writes down what it is about to publish and what was accepted, and says {@code ready} when it has begun.
 */
final class CrashingProcess {
    static final EventType<Numbered> EVENT =
            EventType.of("crash.event", Numbered.class).keyedBy(Numbered::key);

    /** Listeners, so that an outside checker knows them. */
    static final String TRANSACTIONAL = "transactional";

    static final String ORDERED = "ordered";
    static final String PLAIN = "plain";

    private static final int PUBLISHERS = 4;
    private static final long FAULTY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final RetryPolicy QUICK =
            RetryPolicy.exponential(100).backoff(Duration.ofMillis(5), Duration.ofMillis(50));

    private final Store store;
    private final String run;
    private final boolean dawdles;
    private final Faults faults = new Faults();
    private final JdbcJournal journal;
    private final Lines log;
    private final Lines effects;

    private CrashingProcess(Store store, Path directory, String run, String mode) throws Exception {
        this.store = store;
        this.dawdles = mode.equals("dawdle");
        this.run = run;
        this.log = new Lines(directory.resolve("log"));
        this.effects = new Lines(directory.resolve("effects"));
        this.journal = mode.equals("faulty") ? store.journal(faults) : store.journal();
    }

    /** What is published. */
    record Numbered(String id, String key) {}

    public static void main(String[] args) throws Exception {
        CrashingProcess process = new CrashingProcess(new Store(args[0]), Path.of(args[1]), args[2], args[3]);
        AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().journal(process.journal).build();
        process.subscribe(coordinator);
        System.out.println("ready");
        switch (args[3]) {
            case "drain" -> process.drain(coordinator);
            case "faulty" -> {
                process.faults.on();
                process.publish(coordinator, System.nanoTime() + FAULTY_NANOS);
                process.faults.off();
                process.drain(coordinator);
            }
            default -> process.publish(coordinator, Long.MAX_VALUE);
        }
    }

    // ---- handling ----

    private void subscribe(AsyncEventCoordinator coordinator) {
        coordinator.subscribeToEvent(EVENT, JdbcListeners.transactional(effect(TRANSACTIONAL)), durable(TRANSACTIONAL));
        coordinator.subscribeToEvent(
                EVENT,
                JdbcListeners.transactional(effect(ORDERED)),
                durable(ORDERED).ordered());
        coordinator.subscribeToEvent(EVENT, blockingWithContext(this::plain), durable(PLAIN));
    }

    private static ListenerOptions durable(String name) {
        return ListenerOptions.named(name).durable().retry(QUICK);
    }

    /** Fails at times, also after it has written. */
    private TransactionalListener<Numbered> effect(String listener) {
        return (event, connection) -> {
            failAtTimes(event);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO effect (listener, event) VALUES (?, ?)")) {
                insert.setString(1, listener);
                insert.setString(2, event.id());
                insert.executeUpdate();
            }
            if (dawdles) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            failAtTimes(event);
        };
    }

    private void plain(Numbered numbered, EventContext context) {
        failAtTimes(context.event());
        effects.add(context.idempotencyKey());
    }

    private static void failAtTimes(Event<?> event) {
        if (ThreadLocalRandom.current().nextInt(20) == 0) {
            throw new IllegalStateException("at times " + event.id() + " fails");
        }
    }

    // ---- publishing ----

    private void publish(AsyncEventCoordinator coordinator, long until) throws InterruptedException {
        Thread[] publishers = new Thread[PUBLISHERS];
        for (int i = 0; i < PUBLISHERS; i++) {
            String key = "k" + i;
            publishers[i] = new Thread(() -> publishInOrder(coordinator, key, until), "publisher-" + i);
            publishers[i].start();
        }
        for (Thread publisher : publishers) {
            publisher.join();
        }
    }

    private void publishInOrder(AsyncEventCoordinator coordinator, String key, long until) {
        for (int n = 0; System.nanoTime() < until; n++) {
            Numbered numbered = new Numbered("%s-%s-%06d".formatted(run, key, n), key);
            log.add("published " + numbered.id());
            try {
                publish(coordinator, numbered, n);
            } catch (SQLException | RuntimeException e) {
                log.add((isRejected(e) ? "rejected " : "failed ") + numbered.id() + " "
                        + String.valueOf(e).replace('\n', ' '));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10)); // what it needs does not come back sooner
            }
        }
    }

    /** Whether it was said that the event is certainly not there. */
    private static boolean isRejected(Exception thrown) {
        return thrown.getCause() instanceof PublicationNotAcceptedException refusal
                && refusal.certainty() == PublicationNotAcceptedException.Certainty.REJECTED;
    }

    private void publish(AsyncEventCoordinator coordinator, Numbered numbered, int n) throws SQLException {
        switch (n % 5) {
            case 0 -> publishWithin(numbered, true);
            case 1 -> publishWithin(numbered, false);
            default -> {
                coordinator
                        .publishEvent(EVENT, numbered, PublishOptions.defaults().id(numbered.id()))
                        .accepted()
                        .join();
                log.add("accepted " + numbered.id());
            }
        }
    }

    /** Together with a write of the publisher's own; what is rolled back has no effect. */
    private void publishWithin(Numbered numbered, boolean commits) throws SQLException {
        try (Connection connection = store.connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO business (event) VALUES (?)")) {
                insert.setString(1, numbered.id());
                insert.executeUpdate();
            }
            journal.publishWithin(
                    connection, EVENT, numbered, PublishOptions.defaults().id(numbered.id()));
            if (commits) {
                connection.commit();
                log.add("accepted " + numbered.id());
            } else {
                connection.rollback();
                log.add("rolled-back " + numbered.id());
            }
        }
    }

    // ---- the end ----

    private void drain(AsyncEventCoordinator coordinator) throws Exception {
        awaitNothingLeft();
        coordinator.close();
    }

    private void awaitNothingLeft() throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (left() > 0) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException(left() + " deliveries are left after a minute");
            }
            TimeUnit.MILLISECONDS.sleep(50); // a poll: another process's rows have nobody who would say
        }
    }

    private long left() throws SQLException {
        return store.count("SELECT (SELECT count(*) FROM convoke_delivery) + (SELECT count(*) FROM convoke_inbox)");
    }
}
