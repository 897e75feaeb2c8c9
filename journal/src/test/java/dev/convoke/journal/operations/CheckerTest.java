package dev.convoke.journal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.journal.DeadDelivery;
import dev.convoke.journal.DeadReason;
import dev.convoke.journal.EventStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The instrument itself: it finds what is wrong, and nothing in what is right. Times are seconds. */
class CheckerTest {
    private static final long SECOND = 1_000_000_000;

    private static final Expectation PLAIN = Expectation.of("mail");
    private static final Expectation ORDERED = Expectation.of("mail").ordered();
    private static final Expectation TRANSACTIONAL =
            Expectation.of("mail").ordered().transactional();

    @TempDir
    Path directory;

    private final Set<String> business = new HashSet<>();
    private final List<Tables.Effect> effects = new ArrayList<>();
    private final List<DeadDelivery> dead = new ArrayList<>();
    private final FaultWindows windows = new FaultWindows();

    @Test
    @DisplayName("nothing is found where all was done once and in order, also with an attempt that failed")
    void nothing_is_wrong() throws IOException {
        log("p1", "up 0", published("a", 1), "told 2 ACCEPTED a", published("b", 3), "told 4 ACCEPTED b");
        log("p2", run(1, "a", 1, 5, 6, "badly"), run(2, "a", 2, 7, 8, "well"), run(3, "b", 1, 9, 10, "well"));

        assertThat(found(ORDERED)).isEmpty();
    }

    @Test
    @DisplayName("D3 is checked: what was accepted and is neither done nor dead is lost")
    void lost() throws IOException {
        log("p1", published("a", 1), "told 2 ACCEPTED a", run(1, "a", 1, 5, 6, "badly"));

        assertThat(found(PLAIN)).containsExactly("D3: kept, and neither done nor dead (mail)");
    }

    @Test
    @DisplayName("D1 is checked: what was rejected is not delivered; what nobody knows may be")
    void rejected() throws IOException {
        log("p1", published("a", 1), "told 2 REJECTED a", run(1, "a", 1, 5, 6, "well"));
        log("p2", published("b", 1), "told 2 UNKNOWN b", run(1, "b", 1, 5, 6, "well"), "begun 3 c k ALONE");

        assertThat(found(PLAIN)).containsExactly("D1, D2: rejected or rolled back, and delivered (mail)");
    }

    @Test
    @DisplayName("D1 is checked: an answer has to come")
    void hung() throws IOException {
        log("p1", published("a", 1), "told 46 HUNG a");

        assertThat(found(PLAIN)).containsExactly("D1: accepted() hangs");
    }

    @Test
    @DisplayName("D2 is checked: the row and the event are both there or neither")
    void half() throws IOException {
        log("p1", "begun 1 a k WITHIN", "begun 1 b k WITHIN", run(1, "a", 1, 5, 6, "well"));
        business.add("b");

        assertThat(found(PLAIN))
                .containsExactlyInAnyOrder(
                        "D2: delivered without the row that was written with it (mail)",
                        "D3: kept, and neither done nor dead (mail)");
    }

    @Test
    @DisplayName("D10 is checked: nothing is run twice, unless a fault hit who had it")
    void twice() throws IOException {
        log("p1", published("a", 1), "told 2 ACCEPTED a", run(1, "a", 1, 5, 6, "well"));
        log("p2", run(1, "a", 1, 20, 21, "well"));
        windows.at("p2", "SIGSTOP", 5 * SECOND).healAt(6 * SECOND);
        assertThat(found(PLAIN)).containsExactly("D10: twice without a fault (mail)");

        windows.at("p1", "SIGSTOP", 7 * SECOND).healAt(9 * SECOND);
        assertThat(found(PLAIN)).isEmpty();
    }

    @Test
    @DisplayName(
            "D5 is checked: an event that was published after another of its key was accepted does not run before, nor beside it")
    void out_of_order() throws IOException {
        log("p1", published("a", 1), "told 2 ACCEPTED a", published("b", 3), "told 4 ACCEPTED b");
        log("p2", run(1, "a", 1, 6, 8, "well"), run(2, "b", 1, 7, 9, "well"));

        assertThat(found(ORDERED))
                .containsExactlyInAnyOrder(
                        "D5: starts before an earlier one of its key was done (mail)",
                        "D5: starts while an earlier one of its key runs (mail)",
                        "D5: two of a key at a time (mail)");
    }

    @Test
    @DisplayName(
            "D5 is checked: two that were published at a time may run in any order, and one in a frozen process beside the next")
    void unordered() throws IOException {
        log("p1", published("a", 1), "told 4 ACCEPTED a", published("b", 2), "told 4 ACCEPTED b");
        log("p1", published("c", 5), "told 6 ACCEPTED c");
        log("p2", run(1, "a", 1, 20, 90, "well"));
        log("p3", run(1, "b", 1, 7, 9, "well"), run(2, "a", 1, 50, 51, "well"), run(3, "c", 1, 52, 53, "well"));
        windows.at("p2", "SIGSTOP", 25 * SECOND).healAt(80 * SECOND);

        assertThat(found(ORDERED)).isEmpty();
    }

    @Test
    @DisplayName("D4 and D5 are checked: effects are there once, and in order")
    void effects() throws IOException {
        log("p1", published("a", 1), "told 2 ACCEPTED a", published("b", 3), "told 4 ACCEPTED b");
        log("p2", run(1, "a", 1, 6, 8, "well"), run(2, "b", 1, 9, 10, "well"));
        effect(1, "b");
        effect(2, "a");
        effect(3, "a");

        assertThat(found(TRANSACTIONAL))
                .containsExactlyInAnyOrder(
                        "D4: effects of a transactional listener more than once (mail)",
                        "D5: effects are not in order (mail)");
    }

    @Test
    @DisplayName("D6 and D7 are checked: dead is only what always fails, or was hit five times")
    void dead() throws IOException {
        log("p1", published("a", 1), published("b", 1), published("c", 1));
        dead("a", DeadReason.FAILED);
        dead("b", DeadReason.FAILED);
        dead("c", DeadReason.CRASHED);

        assertThat(found(PLAIN.dead("a"::equals))).containsExactly("D6, D7: dead without a reason (mail)");
        assertThat(findings(PLAIN.dead("a"::equals)).describe().get(0)).contains(": 2\n");
    }

    // ---- what is told to the checker ----

    private static String published(String event, int at) {
        return "begun " + at + " " + event + " k ALONE";
    }

    private static String run(int run, String event, int attempt, int start, int end, String how) {
        return "started %d %d mail %s %d\nended %d %d %s".formatted(start, run, event, attempt, end, run, how);
    }

    private void effect(int place, String event) {
        effects.add(new Tables.Effect(place, "mail", event, "p2"));
    }

    private void dead(String event, DeadReason reason) {
        dead.add(new DeadDelivery(
                "1 mail",
                URI.create("/convoke"),
                event,
                "operations.work",
                Optional.empty(),
                Instant.EPOCH,
                "mail",
                EventStatus.State.DEAD,
                reason,
                4,
                5,
                Optional.empty(),
                Instant.EPOCH,
                Instant.EPOCH,
                "{}"));
    }

    private void log(String incarnation, String... lines) throws IOException {
        Path file = directory.resolve(incarnation + PodLog.SUFFIX);
        List<String> all = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
        Stream.of(lines)
                .flatMap(String::lines)
                .map(line -> line.replaceFirst(" (\\d+)", " $1" + "000000000"))
                .forEach(all::add);
        Files.write(file, all);
    }

    private List<String> found(Expectation expectation) throws IOException {
        return findings(expectation).describe().stream()
                .map(finding -> finding.substring(0, finding.lastIndexOf(": ", finding.indexOf('\n'))))
                .toList();
    }

    private Findings findings(Expectation expectation) throws IOException {
        Findings findings = new Findings();
        Checker.Remains remains = new Checker.Remains(business, effects, dead);
        new Checker(History.of(directory), remains, windows, findings).check(List.of(expectation));
        return findings;
    }
}
