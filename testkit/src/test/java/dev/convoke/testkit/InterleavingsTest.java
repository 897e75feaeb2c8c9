package dev.convoke.testkit;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convoke.AsyncEventCoordinator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InterleavingsTest {
    private final String before = System.getProperty(Interleavings.SEED_PROPERTY);

    @BeforeEach
    void clearProperty() {
        System.clearProperty(Interleavings.SEED_PROPERTY);
    }

    @AfterEach
    void restoreProperty() {
        clearProperty();
        if (before != null) {
            System.setProperty(Interleavings.SEED_PROPERTY, before);
        }
    }

    private static List<Long> seedsRun() {
        List<Long> seeds = new ArrayList<>();
        Interleavings.explore(10, 3, executor -> seeds.add(executor.seed()));
        return seeds;
    }

    @Test
    @DisplayName("a scenario runs once with each seed")
    void a_scenario_runs_with_each_seed() {
        assertThat(seedsRun()).containsExactly(10L, 11L, 12L);
        List<Long> seeds = new ArrayList<>();
        Interleavings.explore(2, executor -> seeds.add(executor.seed()));
        assertThat(seeds).containsExactly(1L, 2L);
    }

    @Test
    @DisplayName("the error of a scenario that fails has its seed, the line that runs it alone, and the cause")
    void a_failure_says_how_to_run_it_again() {
        List<Long> run = new ArrayList<>();
        IllegalStateException planted = new IllegalStateException("planted");

        Throwable thrown = catchThrowable(() -> Interleavings.explore(1_000, executor -> {
            run.add(executor.seed());
            if (executor.seed() == 123) {
                throw planted;
            }
        }));

        assertThat(thrown)
                .isInstanceOf(AssertionError.class)
                .hasMessage("failed with seed 123: java.lang.IllegalStateException: planted" + System.lineSeparator()
                        + "To run this seed alone: -Dconvoke.seed=123")
                .hasCause(planted);
        assertThat(run).hasSize(123);
    }

    @Test
    @DisplayName("with the property only its seed runs, and a property that is no number is refused")
    void the_property_runs_one_seed() {
        System.setProperty(Interleavings.SEED_PROPERTY, "4711");
        assertThat(seedsRun()).containsExactly(4711L);
        System.setProperty(Interleavings.SEED_PROPERTY, "many");
        assertThatThrownBy(InterleavingsTest::seedsRun)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("convoke.seed must be a number: many");
        assertThatThrownBy(() -> Interleavings.explore(0, executor -> {}))
                .hasMessage("the number of seeds must be positive: 0");
    }

    @Test
    @DisplayName("an interrupt stays set")
    void an_interrupt_stays_set() {
        assertThatThrownBy(() -> Interleavings.explore(1, executor -> {
                    throw new InterruptedException("planted");
                }))
                .hasMessageContaining("seed 1");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @DisplayName("listeners of a coordinator on it run in every order, and the same again")
    void a_coordinators_listeners_run_in_every_order() {
        Set<String> orders = new HashSet<>();
        Interleavings.explore(200, executor -> {
            String order = orderOfListeners(executor);
            assertThat(orderOfListeners(new InterleavingExecutor(executor.seed())))
                    .isEqualTo(order);
            orders.add(order);
        });
        assertThat(orders).hasSize(6);
    }

    private static String orderOfListeners(InterleavingExecutor executor) {
        StringBuilder order = new StringBuilder();
        try (AsyncEventCoordinator coordinator =
                AsyncEventCoordinator.builder().executor(executor).build()) {
            for (String listener : List.of("a", "b", "c")) {
                coordinator.subscribeToEvent("e", arguments -> completedFuture(order.append(listener)));
            }
            coordinator.publishEvent("e");
            executor.runAll();
        }
        return order.toString();
    }
}
