package dev.convoke.journal;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Tests of several processes beside one database: what they begin ends with each test, whatever hangs. */
abstract class SeveralProcesses {
    /** Time for what takes no longer than it has to. */
    static final Duration SOON = Duration.ofSeconds(2);

    private static final Duration END = Duration.ofSeconds(5);
    private static @Nullable PostgresqlServer server;

    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final List<Process> children = new ArrayList<>();
    private final List<CountDownLatch> gates = new ArrayList<>();

    @TempDir(cleanup = CleanupMode.NEVER) // what hangs may still have files of it open
    Path directory;

    /** The server, started when it is first needed. */
    static PostgresqlServer server() throws IOException {
        PostgresqlServer known = server;
        if (known == null) {
            known = PostgresqlServer.start();
            server = known;
        }
        return known;
    }

    @AfterAll
    static void stopServer() throws IOException {
        PostgresqlServer known = server;
        server = null;
        if (known != null) {
            known.close();
        }
    }

    /** An empty database. */
    final SharedDatabase create(SharedDatabase.Kind kind) throws IOException, SQLException {
        return kind == SharedDatabase.Kind.SQLITE
                ? SharedDatabase.of(directory.resolve("events.db"))
                : SharedDatabase.of(server().createDatabase());
    }

    /** One more process, which ends with the test. */
    final SimulatedProcess start(JdbcJournal journal) {
        SimulatedProcess process = SimulatedProcess.of(journal);
        processes.add(process);
        return process;
    }

    final SimulatedProcess start(SharedDatabase database, JournalOptions options) {
        return start(database.open(options));
    }

    /** A JVM that the test has started, and that ends with it. */
    final Process endsWithTest(Process child) {
        children.add(child);
        return child;
    }

    /** What listeners wait for, until somebody or the test's end opens it. */
    final CountDownLatch gate() {
        CountDownLatch gate = new CountDownLatch(1);
        gates.add(gate);
        return gate;
    }

    /** Waits for a condition, for ten seconds at most, and looks often. */
    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(20));
    }

    /** Lets time pass: where what is to be seen is that nothing happens. */
    static void elapse(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    @AfterEach
    void endAll() throws Exception {
        gates.forEach(CountDownLatch::countDown);
        children.forEach(Process::destroyForcibly); // of this test alone
        CompletableFuture<Void> closing = CompletableFuture.allOf(processes.stream()
                .map(process -> CompletableFuture.runAsync(process::close, Daemons.EACH))
                .toArray(CompletableFuture<?>[]::new));
        try {
            closing.get(END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException hanging) {
            System.err.println("a process does not close within " + END); // the test has said what is wrong
        }
    }
}
