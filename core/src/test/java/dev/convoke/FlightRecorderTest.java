package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.Unheard;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Java Flight Recorder gets. */
class FlightRecorderTest {
    private static final String PUBLICATION = "dev.convoke.Publication";
    private static final String DELIVERY = "dev.convoke.Delivery";

    @TempDir
    private Path folder;

    private List<RecordedEvent> recorded(boolean enabled) throws Exception {
        Path file = folder.resolve(enabled + ".jfr");
        try (Recording recording = new Recording()) {
            if (enabled) {
                recording.enable(PUBLICATION).withThreshold(Duration.ZERO);
                recording.enable(DELIVERY).withThreshold(Duration.ZERO);
            }
            recording.start();
            publish();
            recording.stop();
            recording.dump(file);
        }
        assertThat(Files.size(file)).isPositive();
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.convoke"))
                .toList();
    }

    private static void publish() {
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .onUnobservedFailure(failure -> {})
                .build()) {
            coordinator.subscribeToEvent(
                    "e", a -> CompletableFuture.supplyAsync(() -> "later"), ListenerOptions.named("good"));
            coordinator.subscribeToEvent(
                    "e",
                    a -> failedFuture(new IllegalStateException("planted")),
                    ListenerOptions.named("bad")
                            .retry(RetryPolicy.exponential(2)
                                    .backoff(Duration.ofMillis(5), Duration.ofMillis(5))
                                    .jitter(0)));
            coordinator.subscribeToEvent(
                    "e",
                    a -> completedFuture(1),
                    ListenerOptions.named("filtered").onlyIf(event -> false));
            PublishOptions options = PublishOptions.defaults().id("the-id");
            coordinator
                    .publishEvent("e", EventArguments.of(), options)
                    .outcome()
                    .orTimeout(20, SECONDS)
                    .join();
            coordinator
                    .publishEvent(EventType.of("unheard", String.class).whenUnheard(Unheard.FAIL), "x")
                    .outcome()
                    .join();
        }
    }

    @Test
    @DisplayName("a publication and its deliveries are recorded where that is asked for")
    void publications_and_deliveries_are_recorded() throws Exception {
        List<RecordedEvent> events = recorded(true);
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals(DELIVERY))
                .extracting(
                        e -> e.getString("listener"),
                        e -> e.getString("result"),
                        e -> e.getInt("attempts"),
                        e -> e.getString("eventId"))
                .containsExactlyInAnyOrder(
                        tuple("good", "Succeeded", 1, "the-id"),
                        tuple("bad", "Failed", 2, "the-id"),
                        tuple("filtered", "Skipped", 0, "the-id"));
        assertThat(events)
                .filteredOn(event -> "bad".equals(event.hasField("listener") ? event.getString("listener") : ""))
                .singleElement()
                .satisfies(e -> assertThat(e.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(5)));
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals(PUBLICATION))
                .extracting(
                        e -> e.getString("event"),
                        e -> e.getInt("listeners"),
                        e -> e.getInt("failures"),
                        e -> e.getString("refusal"))
                .containsExactlyInAnyOrder(tuple("e", 3, 1, null), tuple("unheard", 0, 0, "UNHEARD"));
    }

    @Test
    @DisplayName("nothing is recorded where nobody asks, recording or not")
    void nothing_is_recorded_where_nobody_asks() throws Exception {
        assertThat(recorded(false)).isEmpty();
    }
}
