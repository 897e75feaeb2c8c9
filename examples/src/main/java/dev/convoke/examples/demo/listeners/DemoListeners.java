package dev.convoke.examples.demo.listeners;

import static dev.convoke.listener.AsyncListener.blocking;
import static dev.convoke.listener.ListenerOptions.named;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.EventType;
import dev.convoke.examples.demo.github.Webhook;
import dev.convoke.listener.ListenerOptions;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * The seven listeners of the demo, with the files and the endpoint that they need.
 *
 * <p>Thread-safe, as all of them are.
 */
public final class DemoListeners {
    /** Their names, in the order of their subscriptions. */
    public static final List<String> NAMES = List.of(
            "search-index", "webhook", "statistics", "audit", "slow-report", "strict-validator", "flaky-partner");

    private static final String INDEX_FILE = "webhooks-index.db";
    private static final String AUDIT_FILE = "webhooks-audit.log";
    /** What is looked for in the index. */
    static final String WORD = "spelling";

    private static final Duration SHORT_PATIENCE = Duration.ofMillis(400);
    /** Longer than any answer takes. */
    static final Duration LONG_PATIENCE = Duration.ofSeconds(60);

    private final SearchIndex index;
    private final AuditFile audit;
    private final LoopbackEndpoint endpoint;
    private final Statistics statistics = new Statistics();
    private final HttpSender webhook;
    private final HttpSender partner;

    private DemoListeners(SearchIndex index, AuditFile audit, LoopbackEndpoint endpoint)
            throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpSender.awaitReady(client, endpoint.address("/ready"));
        this.index = index;
        this.audit = audit;
        this.endpoint = endpoint;
        this.webhook = new HttpSender(client, endpoint.address("/hook"));
        this.partner = new HttpSender(client, endpoint.address("/partner"));
    }

    /** Is lent the listeners. */
    @FunctionalInterface
    public interface Borrower {
        /** Uses them; no delivery of theirs is left when it returns. */
        void use(DemoListeners listeners) throws InterruptedException;
    }

    /**
     * Opens what the listeners need, lends them, and closes it.
     *
     * @param directory where the files go; those of an earlier run are replaced
     * @return what the listeners have done
     */
    public static Work lend(Path directory, Borrower borrower) throws IOException, SQLException, InterruptedException {
        try (SearchIndex index = SearchIndex.create(directory.resolve(INDEX_FILE));
                AuditFile audit = AuditFile.create(directory.resolve(AUDIT_FILE));
                LoopbackEndpoint endpoint = LoopbackEndpoint.start(DemoListeners::partnerAnswers)) {
            DemoListeners listeners = new DemoListeners(index, audit, endpoint);
            borrower.use(listeners);
            return listeners.finish(directory);
        }
    }

    /** Closes the files, whose sizes are known only then. */
    private Work finish(Path directory) throws IOException, SQLException {
        int indexed = index.size();
        SearchResult found = index.search(WORD);
        index.close();
        audit.close();
        return new Work(
                directory,
                file(directory.resolve(INDEX_FILE), indexed),
                file(directory.resolve(AUDIT_FILE), lines(directory.resolve(AUDIT_FILE))),
                found,
                endpoint.posts(),
                statistics.counts());
    }

    private static OutputFile file(Path path, int entries) throws IOException {
        return new OutputFile(path, Files.size(path), entries);
    }

    private static int lines(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return (int) lines.count();
        }
    }

    /** Subscribes each of them to the event. */
    public void subscribe(AsyncEventCoordinator coordinator, EventType<Webhook> event) {
        coordinator.subscribeToEvent(event, blocking(index::add), named("search-index"));
        coordinator.subscribeToEvent(event, webhook::post, named("webhook"));
        coordinator.subscribeToEvent(
                event, statistics::count, named("statistics").inline());
        coordinator.subscribeToEvent(event, blocking(audit::append), named("audit"));
        coordinator.subscribeToEvent(event, SlowReport::print, named("slow-report"));
        coordinator.subscribeToEvent(event, StrictValidator::check, named("strict-validator"));
        coordinator.subscribeToEvent(event, partner::post, flakyPartner(event.name()));
    }

    private static ListenerOptions flakyPartner(String event) {
        return named("flaky-partner").timeout(patience(event));
    }

    /**
     * Little patience where the partner will not answer, and much where it will: so that it is the partner who decides
     * what times out, and not how busy this machine is.
     */
    static Duration patience(String event) {
        return partnerAnswers(event) ? LONG_PATIENCE : SHORT_PATIENCE;
    }

    /** Whether the partner answers an event of this name. */
    static boolean partnerAnswers(String event) {
        return !event.endsWith(".published");
    }
}
