package dev.convoke.examples.demo.listeners;

import static dev.convoke.listener.AsyncListener.blockingWithContext;
import static dev.convoke.listener.AsyncListener.withContext;
import static dev.convoke.listener.ListenerOptions.named;

import com.sun.net.httpserver.Headers;
import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.Event;
import dev.convoke.examples.demo.github.Webhook;
import dev.convoke.journal.JdbcListeners;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/**
 * The seven listeners of the demo with a journal: all of them durable, and all that they leave behind in the journal's file.
 *
 * <p>Thread-safe, as all of them are.
 */
public final class DurableListeners {
    private static final String ALL_EVENTS = "**";
    private static final String KEY = "Idempotency-Key";
    private static final String ATTEMPT = "X-Attempt";
    private static final String LINE = "X-Line";

    /** The endpoint is not ready for each so-manieth event at once. */
    private static final int BUSY_FOR_EVERY = 10;

    private static final int SERVICE_UNAVAILABLE = 503;

    private static final RetryPolicy PERSISTENT =
            RetryPolicy.exponential(8).backoff(Duration.ofMillis(50), Duration.ofSeconds(2));

    private final EffectTables tables;
    private final HttpSender webhook;
    private final HttpSender partner;

    private DurableListeners(EffectTables tables, LoopbackEndpoint endpoint) throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpSender.awaitReady(client, endpoint.address("/ready"));
        this.tables = tables;
        this.webhook = new HttpSender(client, endpoint.address("/hook"));
        this.partner = new HttpSender(client, endpoint.address("/partner"));
    }

    /** Is lent the listeners. */
    @FunctionalInterface
    public interface Borrower {
        /** Uses them; no delivery of theirs is left when it returns. */
        void use(DurableListeners listeners) throws IOException, InterruptedException;
    }

    /** Whether the journal's file is about these events, or about none so far: their ids are but their lines. */
    public static boolean areAbout(List<Webhook> webhooks, Path file) throws SQLException {
        try (EffectTables tables = EffectTables.open(file)) {
            return tables.areAbout(webhooks);
        }
    }

    /**
     * Opens what the listeners need, lends them, and closes it.
     *
     * @param file the journal's
     * @return what the listeners have done, in this run and those before it
     */
    public static Work lend(Path file, Borrower borrower) throws IOException, SQLException, InterruptedException {
        try (EffectTables tables = EffectTables.open(file);
                LoopbackEndpoint endpoint =
                        LoopbackEndpoint.start(DemoListeners::partnerAnswers, request -> receive(request, tables))) {
            borrower.use(new DurableListeners(tables, endpoint));
            return done(file, tables);
        }
    }

    /** The endpoint's end: it asks some to come again, and takes what it has taken before for what it is. */
    private static int receive(Headers request, EffectTables tables) throws IOException {
        boolean isFirst = "1".equals(request.getFirst(ATTEMPT));
        if (isFirst && Integer.parseInt(request.getFirst(LINE)) % BUSY_FOR_EVERY == 0) {
            return SERVICE_UNAVAILABLE;
        }
        try {
            tables.post(request.getFirst(KEY));
            return LoopbackEndpoint.ACCEPTED;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static Work done(Path file, EffectTables tables) throws IOException, SQLException {
        int indexed = tables.ask(IndexTable::size);
        return new Work(
                Objects.requireNonNullElse(file.getParent(), file),
                new OutputFile(file, Files.size(file), indexed),
                new OutputFile(file, Files.size(file), tables.auditLines()),
                tables.ask(connection -> IndexTable.search(connection, DemoListeners.WORD)),
                tables.posts(),
                tables.ask(StatisticsTable::counts));
    }

    /** Subscribes them to all events, each under one name: under that the journal keeps what is for it. */
    public void subscribe(AsyncEventCoordinator coordinator) {
        subscribe(coordinator, JdbcListeners.transactionalForPattern(DurableListeners::index), durable("search-index"));
        subscribe(coordinator, withContext(this::post), durable("webhook"));
        subscribe(coordinator, JdbcListeners.transactionalForPattern(DurableListeners::count), durable("statistics"));
        subscribe(
                coordinator, blockingWithContext(this::audit), durable("audit").ordered());
        subscribe(coordinator, event -> SlowReport.print(webhook(event)), durable("slow-report"));
        subscribe(
                coordinator,
                event -> StrictValidator.check(webhook(event)),
                durable("strict-validator").retry(RetryPolicy.none())); // what is invalid stays so
        subscribe(
                coordinator,
                event -> askPartner(webhook(event)),
                durable("flaky-partner")
                        .timeout(DemoListeners.LONG_PATIENCE.multipliedBy(2))
                        .retry(PERSISTENT.on(failure -> !(failure instanceof TimeoutException))));
    }

    private static void subscribe(
            AsyncEventCoordinator coordinator, AsyncListener<Event<?>> listener, ListenerOptions options) {
        coordinator.subscribeToEvents(ALL_EVENTS, listener, options);
    }

    private static ListenerOptions durable(String name) {
        return named(name).durable().retry(PERSISTENT);
    }

    private static Webhook webhook(Event<?> event) {
        return (Webhook) event.payload();
    }

    // ---- effects that happen once, as they are committed with the end of their delivery ----

    private static void index(Event<Object> event, Connection connection) throws SQLException {
        Webhook webhook = webhook(event);
        try (PreparedStatement insert = connection.prepareStatement(IndexTable.INSERT)) {
            IndexTable.insert(insert, webhook, IndexTable.body(webhook));
        }
    }

    private static void count(Event<Object> event, Connection connection) throws SQLException {
        StatisticsTable.count(webhook(event), connection);
    }

    // ---- effects that happen at least once, under one key ----

    private void audit(Event<?> event, EventContext context) throws SQLException {
        tables.audit(context.idempotencyKey(), webhook(event));
    }

    private CompletionStage<Integer> post(Event<?> event, EventContext context) {
        Webhook payload = webhook(event);
        return webhook.post(
                payload,
                request -> request.header(KEY, context.idempotencyKey())
                        .header(ATTEMPT, "" + context.attempt())
                        .header(LINE, "" + payload.line()));
    }

    /** A durable listener has one time-out for all events, so that patience is the request's here. */
    private CompletionStage<Integer> askPartner(Webhook webhook) {
        Duration patience = DemoListeners.patience(webhook.event());
        return partner.post(webhook, request -> request.timeout(patience))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(timeout(failure, patience)));
    }

    private static Throwable timeout(Throwable failure, Duration patience) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof HttpTimeoutException
                ? new TimeoutException("no result within " + patience.toMillis() + " ms")
                : cause;
    }
}
