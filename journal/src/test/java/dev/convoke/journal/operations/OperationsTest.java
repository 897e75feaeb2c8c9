package dev.convoke.journal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What happens to processes in operation: they are killed, frozen, and replaced by other versions, their network fails, their database crashes.
 * {@code -Dconvoke.operations.seconds=3600} does it for long, {@code -Dconvoke.operations.seed} draws the same faults again.
 */
@Timeout(value = 6, unit = TimeUnit.HOURS) // each step has a shorter bound of its own
@Tag("operations")
class OperationsTest {
    private static final long SECONDS = Long.getLong("convoke.operations.seconds", 20);
    private static final long SEED = Long.getLong("convoke.operations.seed", System.nanoTime() % 1_000_000);
    private static final int ROLLS = Integer.getInteger("convoke.operations.rolls", SECONDS < 60 ? 3 : 20);
    private static final int PODS = 3;
    private static final int ROLLED_PODS = 2;

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName(
            "D1-D10: whatever happens to processes, network and database, nothing is lost, doubled, or out of order")
    void nothing_is_lost_doubled_or_out_of_order(Site.Kind kind) throws Exception {
        try (Scenario scenario = new Scenario("faults", kind, PODS, PodMain.class, SEED)) {
            scenario.start();
            scenario.disturb(TimeUnit.SECONDS.toMillis(SECONDS));
            scenario.finish(PodMain.EXPECTATIONS);

            History history = scenario.verdict(PodMain.EXPECTATIONS);

            assertThat(history.count(Answer.ACCEPTED)).isGreaterThan(SECONDS);
            scenario.forget();
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName(
            "D3-D5, D7, D11: processes of two versions replace each other, and nothing is lost, dead, or out of order")
    void versions_roll_forth_and_back(Site.Kind kind) throws Exception {
        try (Scenario scenario = new Scenario("versions", kind, ROLLED_PODS, VersionOne.class, SEED)) {
            scenario.start();
            long newListenerIsThere = Long.MAX_VALUE;
            try {
                for (int i = 0; i < ROLLS; i++) {
                    scenario.roll(VersionTwo.class);
                    newListenerIsThere = Math.min(newListenerIsThere, System.nanoTime());
                    scenario.roll(VersionOne.class);
                }
                scenario.roll(VersionTwo.class); // which alone can read all
            } catch (Pod.CannotStartException e) {
                scenario.stuck(e);
            }
            List<Expectation> expectations = Versions.expectations(newListenerIsThere);
            scenario.finish(expectations);

            History history = scenario.verdict(expectations);

            assertThat(history.count(Answer.ACCEPTED)).isGreaterThan(10L * ROLLS);
            scenario.forget();
        }
    }
}
