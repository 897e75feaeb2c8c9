package dev.convoke.journal.operations;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.journal.JdbcJournal;
import dev.convoke.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A process that publishes and handles: {@code DATABASE DIRECTORY INCARNATION}. It goes on until it is terminated, which it takes
 * as a container does: it finishes what runs and closes. {@code quiet} on standard input ends its publishing alone. When standard
 * input ends, so does the process, as its test is gone.
 */
abstract class Program {
    /** After this long without a heartbeat a process is taken for dead. */
    static final Duration SESSION_TTL = Duration.ofSeconds(3);

    /** Longer than any listener of ours runs. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private static final long WATCH_MILLIS = 50;
    private static final long STALL_NANOS = SESSION_TTL.toNanos() / 3;

    private final PodDatabase database;
    private final String incarnation;
    private final PodLog log;
    private final JdbcJournal journal;
    private final AsyncEventCoordinator coordinator;

    Program(String[] arguments) throws IOException {
        this.database = PodDatabase.of(arguments[0]);
        this.incarnation = arguments[2];
        this.log = new PodLog(Path.of(arguments[1]), incarnation);
        this.journal = database.journal(options(JournalOptions.defaults().sessionTtl(SESSION_TTL)));
        this.coordinator = AsyncEventCoordinator.builder().journal(journal).build();
    }

    /** What the program tells its journal. */
    JournalOptions options(JournalOptions basic) {
        return basic;
    }

    /** Subscribes the program's listeners. */
    abstract void subscribe();

    /** How the program publishes an event. */
    abstract Publisher publisher();

    final AsyncEventCoordinator coordinator() {
        return coordinator;
    }

    final JdbcJournal journal() {
        return journal;
    }

    final Handling handling() {
        return new Handling(log, incarnation);
    }

    /** Works until the process is terminated. */
    final void work() throws IOException, InterruptedException {
        Thread watch = new Thread(this::watchForStalls, "watch");
        watch.setDaemon(true);
        watch.start();
        subscribe();
        Publishers publishers = new Publishers(publisher(), database, log, incarnation);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(publishers), "close"));
        log.up();
        publishers.start();
        while (System.in.read() != -1) {
            publishers.stop();
            publishers.join(TimeUnit.SECONDS.toMillis(Publishers.PATIENCE_SECONDS));
            log.silent();
        }
        Runtime.getRuntime().halt(1);
    }

    /** A process that does not come to run cannot say that it lives either. */
    private void watchForStalls() {
        while (true) {
            long before = System.nanoTime();
            Pause.millis(WATCH_MILLIS);
            if (System.nanoTime() - before > STALL_NANOS) {
                log.stalled(before);
            }
        }
    }

    private void close(Publishers publishers) {
        publishers.stop();
        publishers.join(TimeUnit.SECONDS.toMillis(10));
        coordinator.close(DRAIN);
        database.close();
        log.down();
    }
}
