package dev.convoke.examples.readme;

import static dev.convoke.listener.ListenerOptions.named;
import static dev.convoke.testkit.ConvokeAssertions.assertThat;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.EventType;
import dev.convoke.testkit.Interleavings;
import dev.convoke.testkit.ManualExecutor;
import dev.convoke.testkit.ManualTicker;
import dev.convoke.testkit.RecordingCoordinator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The guide to testing shows what runs here. */
class TestingGuideTest {
    private static final Page GUIDE = new Page("docs/testing.md");
    private static final int JAVA_BLOCKS = 3;
    private static final EventType<Order> PLACED = EventType.of("order.placed", Order.class);

    private record Order(String customer, int total) {}

    /** What is tested. */
    private record Shop(AsyncEventCoordinator coordinator) {
        Shop {
            coordinator.subscribeToEvent(PLACED, order -> completedFuture(order.total()), named("ledger"));
        }

        void order(String customer, int total) {
            coordinator.publishEvent(PLACED, new Order(customer, total));
        }
    }

    @Test
    @DisplayName("the guide to testing shows regions of this test, its files are there, and it is at most 80 lines")
    void the_guide_shows_what_runs_here() throws IOException {
        GUIDE.hasRegionsOf(Path.of("src/test/java/dev/convoke/examples/readme"), JAVA_BLOCKS);
        assertThat(GUIDE.links())
                .isNotEmpty()
                .allSatisfy(link -> assertThat(link).exists());
        assertThat(GUIDE.text().lines()).hasSizeLessThanOrEqualTo(80);
    }

    @Test
    @DisplayName("what was published is asserted")
    void what_was_published() {
        // tag::recorded[]
        try (var recorded = RecordingCoordinator.create()) {
            new Shop(recorded.coordinator()).order("Ada", 21);

            recorded.awaitQuiescence(ofSeconds(5));
            assertThat(recorded)
                    .published(PLACED)
                    .withPayload(new Order("Ada", 21))
                    .withOutcome(outcome -> outcome.succeeded().result("ledger").hasSucceededWith(21))
                    .once();
        }
        // end::recorded[]
    }

    @Test
    @DisplayName("time passes when told")
    void time_passes_when_told() {
        // tag::time[]
        var ticker = new ManualTicker();
        var executor = new ManualExecutor();
        var builder = AsyncEventCoordinator.builder().ticker(ticker).executor(executor);
        try (var coordinator = builder.build()) {
            coordinator.subscribeToEvent(
                    "ping", ping -> new CompletableFuture<>(), named("silent").timeout(ofSeconds(30)));
            var publication = coordinator.publishEvent("ping");
            executor.runAll(); // the listener is called here, on this thread

            ticker.advance(ofSeconds(29));
            assertThat(publication).isUnfinished();
            ticker.advance(ofSeconds(1));
            assertThat(publication)
                    .finishesWithin(ofSeconds(5))
                    .result("silent")
                    .isTimedOut();
        }
        // end::time[]
    }

    @Test
    @DisplayName("listeners run in many orders")
    void listeners_run_in_many_orders() {
        // tag::interleavings[]
        Interleavings.explore(200, executor -> {
            List<Integer> ledger = new ArrayList<>();
            var builder = AsyncEventCoordinator.builder().executor(executor);
            try (var coordinator = builder.build()) {
                coordinator.subscribeToEvent(PLACED, order -> completedFuture(ledger.add(order.total())));
                for (int total = 1; total <= 3; total++) {
                    coordinator.publishEvent(PLACED, new Order("Ada", total));
                }
                executor.runAll(); // in an order that the seed decides
            }
            assertThat(ledger)
                    .containsExactlyInAnyOrder(1, 2, 3); // containsExactly would fail, and say with which seed
        });
        // end::interleavings[]
    }
}
