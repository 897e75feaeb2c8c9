package dev.convoke.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.testkit.Interleavings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A scenario that fails is printed step by step, and runs again alone with {@code -Dconvoke.seed=…}. */
class ContractModelTest {
    private static final int SEEDS = 10_000;
    private static final Logger LOG = Logger.getLogger("dev.convoke");

    /** How often the scenarios have to come upon what they are made for; about half of what they do. */
    private static final Map<String, Integer> AT_LEAST = new LinkedHashMap<>();

    static {
        AT_LEAST.put("START", 40_000);
        AT_LEAST.put("RETRY", 4_500);
        AT_LEAST.put("DEAD", 7_000);
        AT_LEAST.put("time-out", 3_000);
        AT_LEAST.put("deadline", 1_400);
        AT_LEAST.put("inherited deadline", 1_500);
        AT_LEAST.put("nested", 6_000);
        AT_LEAST.put("let in", 4_500);
        AT_LEAST.put("entered inside of itself", 1_500);
        AT_LEAST.put("sent away by REJECT", 1_200);
        AT_LEAST.put("sent away by DROP_LATEST", 1_200);
        AT_LEAST.put("dropped for a newer one", 500);
        AT_LEAST.put("Rejected OVERLOADED", 4_000);
        AT_LEAST.put("Skipped DROPPED", 5_000);
        AT_LEAST.put("Skipped FILTERED", 2_000);
        AT_LEAST.put("Skipped PAUSED", 8_000);
        AT_LEAST.put("Skipped STOPPED", 2_500);
        AT_LEAST.put("Skipped UNSUBSCRIBED", 2_000);
        AT_LEAST.put("once, lost", 500);
        AT_LEAST.put("shut in queue", 2_000);
        AT_LEAST.put("shut in back-off", 500);
        AT_LEAST.put("cancelled when QUEUED", 500);
        AT_LEAST.put("cancelled when READY", 7_000);
        AT_LEAST.put("cancelled when RUNNING", 700);
        AT_LEAST.put("cancelled when AWAITED", 4_000);
        AT_LEAST.put("cancelled when BACKING_OFF", 1_200);
        AT_LEAST.put("dead letter retried", 600);
        AT_LEAST.put("dead letter stays", 200);
        AT_LEAST.put("GATHER answered early", 400);
        AT_LEAST.put("FIRST answered early", 200);
        AT_LEAST.put("reported as unobserved", 6_000);
        AT_LEAST.put("UNHEARD", 2_500);
        AT_LEAST.put("CLOSED", 5_000);
    }

    /** The scenarios' failures are meant, and are many. */
    @BeforeAll
    static void hush() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        LOG.setLevel(null);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // a quarter of a minute where nothing else runs
    @DisplayName("P2, P5, P6, P7, P8, P9, P15: ten thousand random scenarios go as the model says")
    void P2_random_scenarios_go_as_the_model_says() {
        Coverage coverage = new Coverage();
        Interleavings.explore(SEEDS, executor -> new ContractRun(executor, coverage).run());
        if (System.getProperty(Interleavings.SEED_PROPERTY) == null) {
            assertThat(AT_LEAST)
                    .allSatisfy((what, times) -> assertThat(coverage.of(what))
                            .as("%s, of %s", what, coverage)
                            .isGreaterThanOrEqualTo(times));
        }
    }

    @Test
    @DisplayName("a scenario is the same again with the same seed")
    void a_seed_says_it_all() {
        Coverage first = new Coverage();
        Coverage second = new Coverage();
        Interleavings.explore(7, 100, executor -> new ContractRun(executor, first).run());
        Interleavings.explore(7, 100, executor -> new ContractRun(executor, second).run());
        assertThat(second).hasToString(first.toString());
    }
}
