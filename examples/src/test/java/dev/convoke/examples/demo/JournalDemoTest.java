package dev.convoke.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The demo with a journal: undisturbed, again, and killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JournalDemoTest {
    private static final int EVENTS = 329;
    private static final int LISTENERS = 7;
    private static final int KILLS = 3;

    private Path directory;
    private JournalFile undisturbed;
    private Ran once;

    @BeforeAll
    void runOnce(@TempDir Path temporary) throws InterruptedException {
        directory = temporary;
        undisturbed = new JournalFile(directory.resolve("undisturbed.db"));
        once = run(undisturbed);
    }

    private static Ran run(JournalFile file) throws InterruptedException {
        return Ran.demo("--json", "--journal", file.option());
    }

    /** Everything but times and sizes. */
    private static Map<String, JsonNode> counts(Ran ran) {
        JsonNode json = ran.json();
        return Map.of(
                "publications", json.path("publications"),
                "deliveries", json.path("deliveries"),
                "failures", json.path("failures"),
                "search", json.path("work").path("search"),
                "posts", json.path("work").path("posts"),
                "statistics", json.path("work").path("statistics"),
                "malformed", json.path("malformed"));
    }

    @Test
    @DisplayName("an undisturbed run with a journal comes to the counts of one without")
    void a_journal_changes_no_count() throws Exception {
        Ran without = Ran.demo("--json", "--out", directory.resolve("without"));

        assertThat(once.exitCode()).isZero();
        assertThat(once.json().path("publications").intValue()).isEqualTo(EVENTS);
        assertThat(counts(once)).isEqualTo(counts(without));
    }

    @Test
    @DisplayName("progress is told, and nothing else: no failure that the journal keeps")
    void it_says_nothing_else() {
        assertThat(once.err()).isEqualToNormalizingNewlines("""
                        83 of 329 settled
                        165 of 329 settled
                        247 of 329 settled
                        329 of 329 settled
                        """);
    }

    @Test
    @DisplayName("a second run on the same file comes to the same counts without a single delivery")
    void a_second_run_has_nothing_to_do() throws Exception {
        Ran again = run(undisturbed);

        assertThat(again.exitCode()).isZero();
        assertThat(counts(again)).isEqualTo(counts(once));
        assertThat(again.json().path("tookMillis").isNull()).isTrue();
        assertThat(once.json().path("tookMillis").isObject()).isTrue();
    }

    @Test
    @DisplayName("killed three times and run again, it comes to the same counts, and every effect is there once")
    void killed_it_goes_on_where_it_was() throws Exception {
        long seed = System.nanoTime();
        System.out.println("JournalDemoTest: the moments of the kills are of seed " + seed);
        Random random = new Random(seed);
        JournalFile file = new JournalFile(directory.resolve("killed.db"));
        for (int i = 0; i < KILLS; i++) {
            int ended = file.endedDeliveries();
            file.runAndKillAt(ended + 1 + random.nextInt((EVENTS * LISTENERS - ended) / 2));
            assertThat(file.endedDeliveries()).as("after kill " + i).isLessThan(EVENTS * LISTENERS);
        }
        Ran ran = run(file);

        assertThat(ran.exitCode()).isZero();
        assertThat(counts(ran)).isEqualTo(counts(once));
        effectsAreThereOnce(file);
    }

    private static void effectsAreThereOnce(JournalFile file) throws Exception {
        assertThat(file.texts("SELECT line FROM webhooks ORDER BY CAST(line AS INTEGER)"))
                .hasSize(EVENTS)
                .doesNotHaveDuplicates();
        assertThat(file.texts("SELECT sum(events) FROM demo_statistics WHERE kind = 'event'"))
                .containsExactly("" + EVENTS);
        assertThat(file.texts("SELECT key FROM demo_post")).hasSize(EVENTS).allMatch(key -> key.endsWith("/webhook"));
        assertThat(file.texts("SELECT key FROM demo_audit")).hasSize(EVENTS).allMatch(key -> key.endsWith("/audit"));
        linesAreInOrder(file.texts("SELECT line FROM demo_audit ORDER BY number"));
    }

    /** Those of each repository, as that is the events' key. */
    private static void linesAreInOrder(List<String> audit) {
        Map<String, List<Integer>> lines = audit.stream()
                .map(line -> line.split("\t", -1))
                .collect(Collectors.groupingBy(
                        columns -> columns[2],
                        Collectors.mapping(
                                columns -> Integer.valueOf(columns[0].substring("line-".length())),
                                Collectors.toList())));

        assertThat(lines).hasSizeGreaterThan(2);
        assertThat(lines.values())
                .allSatisfy(ofOne -> assertThat(ofOne).isSortedAccordingTo(Comparator.naturalOrder()));
    }
}
