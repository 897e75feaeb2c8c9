package dev.convoke.benchmarks.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.EventType;
import dev.convoke.journal.JdbcJournal;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Subscription;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Prints what durable publishing comes to, beside the same by SQL alone in the same run. */
public final class JournalBenchmark {
    private static final EventType<Order> EVENT = EventType.of("benchmark", Order.class);
    private static final int CLIENTS = 32;
    private static final int LISTENERS = 3;

    private JournalBenchmark() {}

    /** What is published. */
    record Order(String customer, int number, long publishedAt) {}

    /** Runs everything, or works off a backlog of so many events; given {@code ordered}, too, of one key. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("convoke-journal");
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .start()) {
            if (arguments.length > 0) {
                boolean isOneLane = arguments.length > 1;
                backlog(pool(server), Integer.parseInt(arguments[0]), isOneLane);
            } else {
                System.out.println("| | SQL alone | Convoke | ratio | goal |\n| --- | --: | --: | --: | --- |");
                postgresql(pool(server));
                latency(pool(server));
                sqlite(directory);
            }
        }
    }

    private static HikariDataSource pool(EmbeddedPostgres server) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.getPostgresDatabase());
        config.setMaximumPoolSize(CLIENTS + 4);
        return new HikariDataSource(config);
    }

    // ---- J1 ----

    private static void postgresql(HikariDataSource pool) throws Exception {
        SqlAlone alone = new SqlAlone(pool);
        Thread worker = drain(alone.worker());
        double ceiling = Clients.perSecond(CLIENTS, alone::publisher);
        worker.interrupt();
        worker.join();
        AtomicLong handled = new AtomicLong();
        try (pool;
                AsyncEventCoordinator coordinator = coordinator(JdbcJournal.open(pool))) {
            subscribe(coordinator, order -> handled.incrementAndGet());
            long from = System.nanoTime();
            double ours = Clients.perSecond(CLIENTS, () -> publisher(coordinator));
            double deliveries = handled.get() * 1e9 / (System.nanoTime() - from);
            row("J1 PostgreSQL, 3 listeners, events/s", ceiling, ours, "≥ 0.4 ×");
            System.out.printf("| … deliveries/s meanwhile | | %.0f | | 3 × the events |%n", deliveries);
        }
    }

    private static Thread drain(Clients.Step worker) {
        Thread thread = new Thread(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    if (worker.take() == 0) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    }
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        return thread;
    }

    private static Clients.Step publisher(AsyncEventCoordinator coordinator) {
        return () -> {
            coordinator.publishEvent(EVENT, new Order("ada", 1, 0)).accepted().join();
            return 1;
        };
    }

    /** At 500 events a second. */
    private static void latency(HikariDataSource pool) throws Exception {
        ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
        try (pool;
                AsyncEventCoordinator coordinator = coordinator(JdbcJournal.open(pool))) {
            subscribe(coordinator, order -> nanos.add(System.nanoTime() - order.publishedAt()));
            for (int i = 0; i < 5_000; i++) {
                coordinator.publishEvent(EVENT, new Order("ada", i, System.nanoTime()));
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(1_950));
                if (i == 1_000) {
                    nanos.clear();
                }
            }
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "| J1 publish → start at 500 events/s, p50 / p99 | | %.1f / %.1f ms | | p99 < 50 ms |%n",
                sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 99 / 100] / 1e6);
    }

    // ---- J2 ----

    private static void sqlite(Path directory) throws Exception {
        double ceiling;
        try (Connection connection = DriverManager.getConnection(
                "jdbc:sqlite:" + directory.resolve("alone.db") + "?journal_mode=WAL&synchronous=FULL")) {
            ceiling = Clients.perSecond(1, () -> rawSqlite(connection));
        }
        try (AsyncEventCoordinator coordinator = coordinator(JdbcJournal.sqlite(directory.resolve("events.db")))) {
            Subscription subscription = coordinator.subscribeToEvent(
                    EVENT,
                    AsyncListener.blocking(order -> {}),
                    ListenerOptions.named("paused").durable());
            subscription.pause();
            row(
                    "J2 SQLite, " + CLIENTS + " publishers, events/s",
                    ceiling,
                    Clients.perSecond(CLIENTS, () -> publisher(coordinator)),
                    "≥ 0.4 ×");
        }
    }

    /** As many events in a commit as there are publishers that would wait for one. */
    private static Clients.Step rawSqlite(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, payload TEXT)");
            statement.execute(
                    "CREATE TABLE delivery (event INTEGER, listener TEXT, state TEXT, PRIMARY KEY (event, listener))");
        }
        connection.setAutoCommit(false);
        PreparedStatement event = connection.prepareStatement("INSERT INTO event (event_id, payload) VALUES (?, ?)");
        PreparedStatement delivery =
                connection.prepareStatement("INSERT INTO delivery VALUES (last_insert_rowid(), 'paused', 'READY')");
        return () -> {
            for (int i = 0; i < CLIENTS; i++) {
                event.setString(1, UUID.randomUUID().toString());
                event.setString(2, "{\"customer\":\"ada\",\"number\":1}");
                event.executeUpdate();
                delivery.executeUpdate();
            }
            connection.commit();
            return CLIENTS;
        };
    }

    // ---- a backlog ----

    private static void backlog(HikariDataSource pool, int events, boolean isOneLane) throws Exception {
        AtomicLong handled = new AtomicLong();
        ListenerOptions options = ListenerOptions.named("backlog").durable();
        try (pool;
                AsyncEventCoordinator coordinator = coordinator(JdbcJournal.open(pool))) {
            Subscription subscription = coordinator.subscribeToEvent(
                    EVENT,
                    AsyncListener.blocking(order -> handled.incrementAndGet()),
                    isOneLane ? options.ordered() : options);
            subscription.pause();
            List<CompletableFuture<?>> last = new ArrayList<>();
            for (int i = 0; i < events; i++) {
                last.add(coordinator.publishEvent(EVENT, new Order("ada", i, 0)).accepted());
                if (last.size() == 10_000) {
                    CompletableFuture.allOf(last.toArray(CompletableFuture[]::new))
                            .join();
                    last.clear();
                }
            }
            CompletableFuture.allOf(last.toArray(CompletableFuture[]::new)).join();
            subscription.resume();
            workOff(handled, events);
        }
    }

    /** A line for each tenth. */
    private static void workOff(AtomicLong handled, int events) throws InterruptedException {
        System.out.println("| left | deliveries/s | heap |\n| --: | --: | --: |");
        long from = System.nanoTime();
        for (int tenth = 1; tenth <= 10; tenth++) {
            long before = handled.get();
            while (handled.get() < (long) events * tenth / 10) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            long now = System.nanoTime();
            Runtime runtime = Runtime.getRuntime();
            System.out.printf(
                    "| %d | %.0f | %d MB |%n",
                    events - handled.get(),
                    (handled.get() - before) * 1e9 / (now - from),
                    (runtime.totalMemory() - runtime.freeMemory()) >> 20);
            from = now;
        }
    }

    // ---- what they share ----

    private static AsyncEventCoordinator coordinator(JdbcJournal journal) {
        return AsyncEventCoordinator.builder().journal(journal).build();
    }

    /** Listens. */
    @FunctionalInterface
    private interface Handler {
        void handle(Order order);
    }

    private static void subscribe(AsyncEventCoordinator coordinator, Handler handler) {
        for (int i = 0; i < LISTENERS; i++) {
            coordinator.subscribeToEvent(
                    EVENT,
                    AsyncListener.blocking(handler::handle),
                    ListenerOptions.named("listener-" + i).durable());
        }
    }

    private static void row(String what, double ceiling, double ours, String goal) {
        System.out.printf("| %s | %.0f | %.0f | %.2f × | %s |%n", what, ceiling, ours, ours / ceiling, goal);
    }
}
