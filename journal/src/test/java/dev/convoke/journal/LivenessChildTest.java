package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.convoke.journal.SharedDatabase.Kind;
import dev.convoke.testkit.journal.Order;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that are JVMs of their own, and are terminated, killed, frozen, or end themselves. */
@Tag("everyday")
class LivenessChildTest extends SeveralProcesses {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** What runs in the child. */
    private String event;

    /** Starts a JVM, and waits until it has its listener. */
    private Process child(SharedDatabase database, String mode, Duration ttl, Duration lasting) throws Exception {
        Process process = endsWithTest(new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildProcess.class.getName(),
                        database.name(),
                        file().toString(),
                        mode,
                        Long.toString(ttl.toMillis()),
                        Long.toString(lasting.toMillis())))
                .redirectError(directory.resolve("errors").toFile())
                .start());
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        CompletableFuture<String> ready =
                CompletableFuture.supplyAsync(() -> output.lines().findFirst().orElse("nothing"), Daemons.EACH);
        assertThat(SimulatedProcess.within(Duration.ofSeconds(20), "the start of a JVM", ready))
                .as("the child's errors are in %s", directory.resolve("errors"))
                .isEqualTo("ready");
        return process;
    }

    private Path file() {
        return directory.resolve("seen");
    }

    private List<String> lines() throws IOException {
        return ChildProcess.lines(file());
    }

    private static void signal(String signal, Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Has a child begin a delivery of a minute, and subscribes beside it. */
    private SimulatedProcess besideOneThatRuns(SharedDatabase database, Duration ttl, Duration lasting)
            throws Exception {
        SimulatedProcess process = start(database, JournalOptions.defaults().sessionTtl(ttl));
        event = process.publish("ada", 1).eventId();
        soon().untilAsserted(() -> assertThat(lines()).containsExactly("child begins 1"));
        process.subscribe(durable("billing"), ChildProcess.listener(file(), "parent", lasting));
        return process;
    }

    // ---- the end of a process ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D6, D8: what a process had that is closed when it is terminated is another's long before its TTL, and is no crash")
    void D8_a_process_that_is_terminated(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        Process child = child(database, "closes", MINUTE, MINUTE);
        SimulatedProcess process = besideOneThatRuns(database, MINUTE, MINUTE);

        signal("TERM", child);

        soon().untilAsserted(() -> assertThat(lines()).containsExactly("child begins 1", "parent begins 1"));
        assertThat(process.journal().deadGroups(5)).isEmpty();
        assertThat(process.journal().status(event).orElseThrow().open())
                .singleElement()
                .satisfies(
                        delivery -> assertThat(delivery.crashes()).as("crashes").isZero());
    }

    @Test
    @DisplayName("D8: in SQLite, what a killed process had is another's at once, whatever the TTL")
    void D8_a_process_that_is_killed() throws Exception {
        SharedDatabase database = create(Kind.SQLITE);
        Process child = child(database, "plain", MINUTE, MINUTE);
        besideOneThatRuns(database, MINUTE, Duration.ZERO);

        signal("KILL", child);

        soon().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(lines())
                        .as("within five seconds, with a TTL of a minute")
                        .containsExactly("child begins 1", "parent begins 1", "parent ends 1"));
    }

    @Test
    @DisplayName("D8, D10: in SQLite, what a frozen process has stays its own, however long it is frozen")
    void D10_a_process_that_is_frozen() throws Exception {
        SharedDatabase database = create(Kind.SQLITE);
        Process child = child(database, "plain", SECOND, Duration.ofSeconds(2));
        SimulatedProcess process = besideOneThatRuns(database, SECOND, Duration.ZERO);

        signal("STOP", child);
        elapse(Duration.ofSeconds(4));
        assertThat(lines()).as("while one is frozen").containsExactly("child begins 1");
        signal("CONT", child);

        soon().untilAsserted(() -> assertThat(lines()).containsExactly("child begins 1", "child ends 1"));
        soon().until(() -> process.journal().listeners().get(0).open() == 0);
        assertThat(lines()).containsExactly("child begins 1", "child ends 1");
    }

    @Test
    @DisplayName(
            "D10: a process that was frozen for longer than its TTL, with nothing running, makes nothing twice when it wakes")
    void D10_what_a_process_claims_when_it_wakes() throws Exception {
        SharedDatabase database = create(Kind.POSTGRESQL);
        Duration lasting = Duration.ofMillis(500);
        Process child = child(database, "ordered", SECOND, lasting);
        SimulatedProcess process = start(database, JournalOptions.defaults().sessionTtl(SECOND));
        process.subscribe(
                durable("billing").ordered().concurrency(8), ChildProcess.listener(file(), "parent", lasting));
        int keys = 30;
        for (int round = 0; round < 2; round++) {
            signal("STOP", child);
            elapse(Duration.ofMillis(2_500));
            int first = round * keys;
            CompletableFuture<?>[] accepted = IntStream.range(first, first + keys)
                    .mapToObj(number -> process.publishing("c" + number, number))
                    .toArray(CompletableFuture<?>[]::new);
            SimulatedProcess.within(Duration.ofSeconds(5), "acceptance", CompletableFuture.allOf(accepted));
            signal("CONT", child);
            soon().until(() -> process.journal().listeners().get(0).open() == 0);
        }

        Map<String, Long> begun = lines().stream()
                .filter(line -> line.contains(" begins "))
                .collect(Collectors.groupingBy(
                        line -> line.substring(line.lastIndexOf(' ') + 1), Collectors.counting()));
        assertThat(begun).hasSize(2 * keys);
        assertThat(begun.entrySet().stream()
                        .filter(entry -> entry.getValue() > 1)
                        .toList())
                .as("numbers that began twice, though nothing ran at a freeze")
                .isEmpty();
    }

    // ---- one that kills its process ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    @Timeout(240)
    @DisplayName(
            "D6, D7: a delivery that ends its process again and again is DEAD after five crashes, and those beside it are made")
    void D6_one_that_kills_its_process(Kind kind) throws Exception {
        SharedDatabase database = create(kind);
        Duration lasting = Duration.ofMillis(400);
        Process child = child(database, "lethal", SECOND, lasting);
        SimulatedProcess process = start(database, JournalOptions.defaults().sessionTtl(SECOND));
        int innocents = 20;
        String killer = process.publish("killer", 0).eventId();
        for (int number = 1; number <= innocents; number++) {
            process.publish(Order.PLACED, new Order("c" + number, number), Duration.ofSeconds(5));
        }
        for (int restarts = 0; restarts < 25 && !isDead(process, killer); restarts++) {
            Process last = child;
            soon().atMost(Duration.ofSeconds(40)) // those that were beside it are made one by one first
                    .until(() -> isDead(process, killer) || !last.isAlive());
            if (!last.isAlive()) {
                child = child(database, "lethal", SECOND, lasting);
            }
        }
        if (!child.isAlive()) { // which it also is when another process has counted the last crash
            child(database, "lethal", SECOND, lasting);
        }

        soon().untilAsserted(() -> assertThat(process.journal().deadDeliveries(DeadSelection.all(), 100))
                .extracting(DeadDelivery::eventId, DeadDelivery::reason, DeadDelivery::crashes)
                .as("dead deliveries: the killer alone")
                .containsExactly(tuple(killer, DeadReason.CRASHED, 5)));
        soon().untilAsserted(() -> assertThat(lines().stream().filter(line -> line.contains(" ends ")))
                .as("innocents that ended")
                .hasSize(innocents));
    }

    private static boolean isDead(SimulatedProcess process, String event) {
        return process.journal().status(event).orElseThrow().isSettled();
    }
}
