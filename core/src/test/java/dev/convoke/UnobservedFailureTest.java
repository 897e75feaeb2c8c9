package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.event.PublicationRefusedException;
import dev.convoke.event.Unheard;
import dev.convoke.event.UnobservedFailure;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.testing.Mode;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnobservedFailureTest {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final ManualTicker ticker = new ManualTicker();
    private final List<UnobservedFailure> reported = new CopyOnWriteArrayList<>();
    private final IllegalStateException boom = new IllegalStateException("boom");

    private AsyncEventCoordinator coordinator() {
        return AsyncEventCoordinator.builder()
                .ticker(ticker)
                .onUnobservedFailure(reported::add)
                .build();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P4: a failure that nobody looked at for a second is reported once, with where and why")
    void P4_an_unobserved_failure_is_reported_once(Mode mode) {
        try (AsyncEventCoordinator coordinator = coordinator()) {
            CountDownLatch failed = new CountDownLatch(1);
            coordinator.subscribeToEvent("e", mode.of(a -> completedFuture(1)), mode.named("good"));
            coordinator.subscribeToEvent("e", mode.of(a -> failedFuture(boom)), mode.named("bad"));
            coordinator.subscribeToEvent(
                    "e", mode.of(a -> completedFuture(1).thenRun(failed::countDown)), mode.named("last"));
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            Waiting.on(failed);
            Waiting.until(() -> {
                ticker.advance(GRACE);
                return !reported.isEmpty();
            });

            ticker.advance(GRACE.multipliedBy(10));
            assertThat(reported).singleElement().satisfies(failure -> {
                assertThat(failure.event()).isEqualTo(publication.event());
                assertThat(failure.listener()).isEqualTo("bad");
                assertThat(failure.cause()).isSameAs(boom);
            });
        }
        assertThat(reported).hasSize(1);
    }

    @Test
    @DisplayName("P4: it is reported when the grace has passed, not before")
    void P4_not_before_the_grace_has_passed() {
        try (AsyncEventCoordinator coordinator = coordinator()) {
            coordinator.subscribeToEvent(
                    "e", a -> failedFuture(boom), ListenerOptions.defaults().inline());
            coordinator.publishEvent("e");

            ticker.advance(GRACE.minusNanos(1));
            assertThat(reported).isEmpty();
            ticker.advance(Duration.ofNanos(1));
            Waiting.until(() -> reported.size() == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"outcome", "gather", "first", "await"})
    @DisplayName("P4: whoever asked for outcome, gather, first or await has looked")
    void P4_a_failure_that_somebody_asked_for_is_not_reported(String question) throws Exception {
        try (AsyncEventCoordinator coordinator = coordinator()) {
            coordinator.subscribeToEvent(
                    "e", a -> failedFuture(boom), ListenerOptions.defaults().inline());
            Publication<EventArguments> publication = coordinator.publishEvent("e");
            switch (question) {
                case "outcome" -> publication.outcome();
                case "gather" -> publication.gather();
                case "first" -> publication.first();
                default -> publication.await();
            }
            ticker.advance(GRACE.multipliedBy(2));
        }
        assertThat(reported).isEmpty();
    }

    @Test
    @DisplayName("P4: closing reports at once what is waiting")
    void P4_closing_reports_what_is_waiting() {
        try (AsyncEventCoordinator coordinator = coordinator()) {
            coordinator.subscribeToEvent(
                    "e", a -> failedFuture(boom), ListenerOptions.defaults().inline());
            coordinator.publishEvent("e");
            assertThat(reported).isEmpty();
        }
        assertThat(reported).hasSize(1);
    }

    @Test
    @DisplayName("P4: more failures than the queue holds are reported at once, and none is lost or told twice")
    void P4_a_full_queue_is_reported_at_once() {
        int failures = 10_000;
        try (AsyncEventCoordinator coordinator = coordinator()) {
            coordinator.subscribeToEvent(
                    "e", a -> failedFuture(boom), ListenerOptions.defaults().inline());
            for (int i = 0; i < failures; i++) {
                coordinator.publishEvent("e");
            }
            Waiting.until(() -> reported.size() >= failures - 1_024);
        }
        assertThat(reported).hasSize(failures);
        assertThat(reported).extracting(f -> f.event().id()).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("P4: a cancelled publication is not a failure that nobody knows of")
    void P4_what_the_publisher_cancelled_is_not_reported() {
        try (AsyncEventCoordinator coordinator = coordinator()) {
            coordinator.subscribeToEvent("e", a -> new CompletableFuture<>());
            coordinator.publishEvent("e").cancel();
            ticker.advance(GRACE.multipliedBy(2));
        }
        assertThat(reported).isEmpty();
    }

    @Test
    @DisplayName("P4: a time-out and a refusal that nobody looked at are reported as well")
    void P4_time_outs_and_refusals_are_reported() {
        EventType<String> heard = EventType.of("heard", String.class).whenUnheard(Unheard.FAIL);
        try (AsyncEventCoordinator coordinator = coordinator()) {
            coordinator.publishEvent(heard, "nobody");
            coordinator.subscribeToEvent(
                    heard,
                    x -> new CompletableFuture<>(),
                    ListenerOptions.named("slow").timeout(Duration.ofMillis(5)));
            Publication<String> publication = coordinator.publishEvent(heard, "slow");
            Waiting.until(() -> {
                ticker.advance(GRACE);
                return reported.size() == 2;
            });
            assertThat(publication.outcome()).isCompleted();
        }
        assertThat(reported)
                .extracting(UnobservedFailure::cause)
                .hasExactlyElementsOfTypes(PublicationRefusedException.class, TimeoutException.class);
        assertThat(reported).extracting(UnobservedFailure::listener).containsExactly("", "slow");
    }

    @Test
    @DisplayName("P4: a handler that throws stops nothing, and the failure is logged instead")
    void P4_a_failing_handler_is_logged() {
        Consumer<UnobservedFailure> failing = failure -> {
            throw new IllegalStateException("handler");
        };
        List<String> logged = logged(() -> {
            try (AsyncEventCoordinator coordinator =
                    AsyncEventCoordinator.builder().onUnobservedFailure(failing).build()) {
                coordinator.subscribeToEvent(
                        "e",
                        a -> failedFuture(boom),
                        ListenerOptions.named("bad").inline());
                coordinator.publishEvent("e");
            }
        });
        assertThat(logged).anyMatch(m -> m.contains("handler of unobserved failures failed"));
        assertThat(logged).anyMatch(m -> m.contains("listener bad"));
    }

    @Test
    @DisplayName("P4: without a handler it is a warning in the log, with event, listener, publication and cause")
    void P4_the_default_handler_logs_a_warning() {
        List<String> ids = new CopyOnWriteArrayList<>();
        List<String> logged = logged(() -> {
            try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
                coordinator.subscribeToEvent(
                        "e",
                        a -> failedFuture(boom),
                        ListenerOptions.named("bad").inline());
                ids.add(coordinator.publishEvent("e").event().id());
            }
        });
        assertThat(logged)
                .singleElement()
                .asString()
                .contains("event e", "publication " + ids.get(0), "listener bad", "boom");
    }

    private static List<String> logged(Runnable scenario) {
        List<String> messages = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger("dev.convoke");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                messages.add(record.getLevel() + " " + record.getMessage() + " " + record.getThrown());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            scenario.run();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        return messages;
    }

    @Test
    @DisplayName("P4: the handler never runs on the timer's thread, and a slow one delays no publication")
    void P4_a_slow_handler_delays_nobody() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inHandler = new CountDownLatch(1);
        List<String> threads = new CopyOnWriteArrayList<>();
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .unobservedAfter(Duration.ofMillis(1))
                .onUnobservedFailure(failure -> {
                    threads.add(Thread.currentThread().getName());
                    inHandler.countDown();
                    Waiting.on(release);
                })
                .build()) {
            coordinator.subscribeToEvent("e", a -> failedFuture(boom));
            coordinator.publishEvent("e");
            Waiting.on(inHandler);

            coordinator.subscribeToEvent(
                    "late",
                    a -> new CompletableFuture<>(),
                    ListenerOptions.defaults().timeout(Duration.ofMillis(1)));
            assertThat(coordinator
                            .publishEvent("late")
                            .outcome()
                            .orTimeout(20, SECONDS)
                            .join()
                            .failures())
                    .hasSize(1);
            release.countDown();
        }
        assertThat(threads).noneMatch(name -> name.contains("timer"));
    }
}
