package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.journal.SharedDatabase.Kind;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.listener.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A listener whose name changes from version to version, while processes of each version start, publish, restart and end. */
@Tag("everyday")
class RollingNamesTest extends SeveralProcesses {
    private static final JournalOptions OPTIONS = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(3));
    private static final int BAD = 99;

    private final Queue<Integer> ran = new ConcurrentLinkedQueue<>();
    private SharedDatabase database;

    /** A version of the program: what its listener is called, and what it says about what that was called before. */
    private enum Version {
        ONE("a"),
        TWO("b"),
        THREE("c");

        private final String listener;

        Version(String listener) {
            this.listener = listener;
        }

        private JournalOptions options() {
            return switch (this) {
                case ONE -> OPTIONS;
                case TWO -> OPTIONS.renamedListener("a", "b");
                case THREE -> OPTIONS.renamedListener("b", "c"); // as version two has told of the first
            };
        }
    }

    /** A process whose listener fails for good where the number is {@link #BAD} or above. */
    private SimulatedProcess start(Version version) throws Exception {
        SimulatedProcess process = start(database, version.options());
        subscribe(process, version.listener);
        return process;
    }

    private Subscription subscribe(SimulatedProcess process, String name) throws Exception {
        return process.subscribe(durable(name).retry(RetryPolicy.none()), order -> {
            ran.add(order.number());
            if (order.number() >= BAD) {
                throw new IllegalStateException("bad");
            }
        });
    }

    private void assertEachRanOnce(Integer... numbers) {
        soon().untilAsserted(() -> assertThat(ran).contains(numbers));
        elapse(Duration.ofMillis(1_200)); // in which each process would have looked for more
        assertThat(ran).as("what ran, each once").containsExactlyInAnyOrder(numbers);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D10, D11: an old process that restarts after a rename does not get a second delivery of each event")
    void D10_an_old_process_that_restarts(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess old = start(Version.ONE);
        SimulatedProcess recent = start(Version.TWO);
        old.publish("ada", 1);
        recent.publish("ada", 2);
        assertEachRanOnce(1, 2);

        start(Version.ONE).publish("ada", 3);
        recent.publish("ada", 4);
        old.publish("ada", 5);

        assertEachRanOnce(1, 2, 3, 4, 5);
        assertThat(recent.journal().listeners())
                .extracting(DurableListenerStatus::listener)
                .containsExactly("b");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D11: a new process starts though an old one has restarted, and what is dead shows under the new name, once")
    void D11_a_new_process_starts_after_an_old_one(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess old = start(Version.ONE);
        old.publish("ada", BAD);
        soon().until(() -> dead(old).size() == 1);
        SimulatedProcess recent = start(Version.TWO);
        SimulatedProcess again = start(Version.ONE);
        recent.publish("ada", BAD + 1);
        again.publish("ada", BAD + 2);
        soon().untilAsserted(() -> assertThat(dead(recent)).hasSizeGreaterThanOrEqualTo(3));
        old.end();
        again.end();

        SimulatedProcess next = start(Version.TWO);

        assertThat(dead(next)).containsExactlyInAnyOrder("b " + BAD, "b " + (BAD + 1), "b " + (BAD + 2));
        assertEachRanOnce(BAD, BAD + 1, BAD + 2);
    }

    private static List<String> dead(SimulatedProcess process) {
        return process.journal().deadDeliveries(DeadSelection.all(), 100).stream()
                .map(delivery -> delivery.listener() + " " + delivery.payload().replaceAll("\\D+", ""))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D11: a listener that was renamed twice has what was kept under its first name")
    void D11_a_listener_that_was_renamed_twice(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess first = start(database, OPTIONS);
        subscribe(first, "a").pause();
        first.publish("ada", 1);
        SimulatedProcess second = start(database, Version.TWO.options());
        subscribe(second, "b").pause();
        first.publish("ada", 2);
        second.publish("ada", 3);
        SimulatedProcess third = start(Version.THREE);
        first.publish("ada", 4);
        second.publish("ada", 5);
        third.publish("ada", 6);

        assertEachRanOnce(1, 2, 3, 4, 5, 6);
        assertThat(third.journal().listeners())
                .extracting(DurableListenerStatus::listener)
                .containsExactly("c");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D10, D11: over two renames, with processes of all versions starting and ending, each event runs once and no start fails")
    void D10_versions_come_and_go(Kind kind) throws Exception {
        database = create(kind);
        long seed = Long.getLong("convoke.seed", System.nanoTime());
        Random random = new Random(seed);
        List<SimulatedProcess> living = new ArrayList<>(List.of(start(Version.ONE), start(Version.ONE)));
        living.add(start(Version.TWO));
        int published = 0;
        for (int step = 0; step < 14; step++) {
            Version version = Version.values()[step < 5 ? random.nextInt(2) : random.nextInt(3)];
            if (step == 5) {
                version = Version.THREE;
            }
            living.add(start(version));
            if (living.size() > 3) {
                living.remove(random.nextInt(living.size())).end();
            }
            for (SimulatedProcess process : living) {
                process.publish("c" + published, random.nextInt(8) == 0 ? BAD + published++ : published++ - 1_000);
            }
        }
        SimulatedProcess last = start(Version.THREE);

        soon().alias("with -Dconvoke.seed=" + seed)
                .until(() -> last.journal().listeners().stream().allMatch(listener -> listener.open() == 0));
        Map<Integer, Long> runs =
                ran.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(runs)
                .as("runs, with -Dconvoke.seed=%d", seed)
                .hasSize(published)
                .allSatisfy((number, times) ->
                        assertThat(times).as("runs of %d", number).isEqualTo(1));
        assertThat(dead(last))
                .as("dead deliveries, with -Dconvoke.seed=%d", seed)
                .allMatch(delivery -> delivery.startsWith("c "));
    }

    // ---- somebody forgot ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D10, D11: a rename that is told when both names have deliveries already is made, and nothing runs twice after it")
    void D11_a_rename_that_was_forgotten(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess old = start(database, OPTIONS);
        subscribe(old, "a").pause();
        old.publish("ada", 0); // for the old name alone
        SimulatedProcess forgetful = start(database, OPTIONS);
        subscribe(forgetful, "b").pause();
        for (int number = 1; number <= 5; number++) {
            forgetful.publish("ada", number); // for both
        }
        old.end();
        forgetful.end();

        SimulatedProcess next = start(Version.TWO);

        next.publish("ada", 6);
        Integer[] all = IntStream.rangeClosed(0, 6).boxed().toArray(Integer[]::new);
        assertEachRanOnce(all);
        soon().until(() -> next.journal().listeners().stream().allMatch(listener -> listener.open() == 0));
        assertThat(next.journal().listeners())
                .extracting(DurableListenerStatus::listener)
                .containsExactly("b");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D11: a rename that is told when both names have dead deliveries of the same events is made")
    void D11_a_rename_that_was_forgotten_with_dead_deliveries(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess old = start(Version.ONE);
        SimulatedProcess forgetful = start(database, OPTIONS);
        subscribe(forgetful, "b");
        forgetful.publish("ada", BAD);
        soon().until(() -> dead(old).size() == 2);
        old.end();
        forgetful.end();

        SimulatedProcess next = start(Version.TWO);

        assertThat(dead(next)).containsExactly("b " + BAD);
        next.publish("ada", 1);
        soon().untilAsserted(() -> assertThat(ran).containsExactlyInAnyOrder(BAD, BAD, 1));
    }
}
