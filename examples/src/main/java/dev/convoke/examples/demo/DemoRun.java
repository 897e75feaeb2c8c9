package dev.convoke.examples.demo;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.Publication;
import dev.convoke.PublishOptions;
import dev.convoke.event.EventType;
import dev.convoke.examples.demo.github.Webhook;
import dev.convoke.examples.demo.github.WebhookFile;
import dev.convoke.examples.demo.listeners.DemoListeners;
import dev.convoke.examples.demo.listeners.Work;
import dev.convoke.examples.demo.summary.Recorder;
import dev.convoke.examples.demo.summary.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** Publishes the webhooks of a file to the demo's listeners. Confined to one thread. */
final class DemoRun {
    /** How many publications are under way at a time. */
    private static final int WINDOW = 8;

    private final WebhookFile file;
    private final Progress progress;
    private final Recorder recorder = new Recorder();
    private final Map<String, EventType<Webhook>> types = new HashMap<>();
    private final Semaphore window = new Semaphore(WINDOW);

    DemoRun(WebhookFile file, Progress progress) {
        this.file = file;
        this.progress = progress;
    }

    /**
     * Runs once.
     *
     * @param directory where the listeners put their files
     */
    Summary run(Path directory) throws IOException, SQLException, InterruptedException {
        Work work = DemoListeners.lend(directory, this::publishTo);
        return Summary.of(recorder, DemoListeners.NAMES, work, file.malformed());
    }

    private void publishTo(DemoListeners listeners) throws InterruptedException {
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .observer(recorder)
                .observer(progress)
                .build()) {
            file.webhooks().stream().map(this::type).distinct().forEach(type -> listeners.subscribe(coordinator, type));
            publishAll(coordinator);
        }
    }

    private void publishAll(AsyncEventCoordinator coordinator) throws InterruptedException {
        List<CompletableFuture<Void>> outcomes = new ArrayList<>();
        for (Webhook webhook : file.webhooks()) {
            window.acquire();
            Publication<Webhook> publication = coordinator.publishEvent(type(webhook), webhook, options(webhook));
            outcomes.add(publication.outcome().thenRun(window::release));
        }
        outcomes.forEach(CompletableFuture::join);
    }

    private EventType<Webhook> type(Webhook webhook) {
        return types.computeIfAbsent(webhook.event(), name -> EventType.of(name, Webhook.class));
    }

    private static PublishOptions options(Webhook webhook) {
        PublishOptions options = PublishOptions.defaults().id(webhook.id());
        return webhook.repository().map(options::key).orElse(options);
    }
}
