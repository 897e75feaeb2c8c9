package dev.convoke.examples.demo;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.event.Receipt;
import dev.convoke.examples.demo.github.Webhook;
import dev.convoke.examples.demo.github.WebhookFile;
import dev.convoke.examples.demo.listeners.DemoListeners;
import dev.convoke.examples.demo.listeners.DurableListeners;
import dev.convoke.examples.demo.listeners.Work;
import dev.convoke.examples.demo.summary.JournalRecorder;
import dev.convoke.examples.demo.summary.JournalSummary;
import dev.convoke.examples.demo.summary.Summary;
import dev.convoke.journal.EventStatus;
import dev.convoke.journal.JdbcJournal;
import dev.convoke.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Publishes the webhooks of a file to the demo's durable listeners, whose deliveries are kept in a journal: what an earlier
 * run had no time for is done now, and nothing is done that it has done. Confined to one thread.
 */
final class JournalRun {
    /** How many publications wait to be accepted at a time. */
    private static final int WINDOW = 32;

    /** How many deliveries of a listener run at a time: few, so that a kill hits few. */
    private static final int RUNNING = 8;

    /** How long a killed run may look alive to the next one. */
    private static final Duration SESSION_TTL = Duration.ofSeconds(1);

    /** As good as for ever: what is forgotten would be done again. */
    private static final Duration RETENTION = Duration.ofDays(36_500);

    private final WebhookFile file;
    private final Path journalFile;
    private final Progress progress;
    private final JournalRecorder recorder = new JournalRecorder();
    private final Semaphore window = new Semaphore(WINDOW);
    private final List<EventStatus> statuses = new ArrayList<>();

    JournalRun(WebhookFile file, Path journalFile, Progress progress) {
        this.file = file;
        this.journalFile = journalFile;
        this.progress = progress;
    }

    /** Runs once. */
    Summary run() throws UsageException, IOException, SQLException, InterruptedException {
        if (!DurableListeners.areAbout(file.webhooks(), journalFile)) {
            throw new UsageException(
                    "--journal needs a new file for other events, but " + journalFile + " has those of another --data");
        }
        Work work = DurableListeners.lend(journalFile, this::publishTo);
        return new JournalSummary(statuses).of(recorder, DemoListeners.NAMES, work, file.malformed());
    }

    private void publishTo(DurableListeners listeners) throws IOException, InterruptedException {
        JdbcJournal journal = JdbcJournal.sqlite(journalFile, options());
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .observer(recorder)
                .journal(journal)
                .build()) {
            listeners.subscribe(coordinator);
            publishAll(coordinator);
            awaitSettled(journal);
        }
    }

    /** With all types, so that deliveries of an earlier run can be read before their events are published again. */
    private JournalOptions options() {
        JournalOptions options = JournalOptions.defaults()
                .sessionTtl(SESSION_TTL)
                .maxRunning(RUNNING)
                .retention(RETENTION);
        for (Webhook webhook : file.webhooks()) {
            options = options.type(type(webhook));
        }
        return options;
    }

    private static EventType<Webhook> type(Webhook webhook) {
        return EventType.of(webhook.event(), Webhook.class);
    }

    private void publishAll(AsyncEventCoordinator coordinator) throws IOException, InterruptedException {
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        for (Webhook webhook : file.webhooks()) {
            window.acquire();
            receipts.add(publish(coordinator, webhook));
        }
        try {
            receipts.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new IOException("not all events were accepted: " + e.getCause(), e);
        }
    }

    /** Its id is that of the run before, and of the one after: whoever comes second changes nothing. */
    private CompletableFuture<Receipt> publish(AsyncEventCoordinator coordinator, Webhook webhook) {
        long began = System.nanoTime();
        PublishOptions options = PublishOptions.defaults().id(webhook.id());
        options = webhook.repository().map(options::key).orElse(options);
        return coordinator
                .publishEvent(type(webhook), webhook, options)
                .accepted()
                .whenComplete((receipt, refusal) -> {
                    recorder.onAccepted(Duration.ofNanos(System.nanoTime() - began));
                    window.release();
                });
    }

    private void awaitSettled(JdbcJournal journal) throws IOException, InterruptedException {
        for (Webhook webhook : file.webhooks()) {
            EventStatus status = settled(journal, webhook.id());
            int dead = status.open().size();
            progress.add(status.done(), dead);
            statuses.add(status);
        }
    }

    private static EventStatus settled(JdbcJournal journal, String id) throws IOException, InterruptedException {
        Optional<EventStatus> known = journal.status(id).filter(EventStatus::isSettled);
        try {
            return known.isPresent() ? known.get() : journal.settled(id).get();
        } catch (ExecutionException e) {
            throw new IOException("event " + id + " does not settle", e);
        }
    }
}
