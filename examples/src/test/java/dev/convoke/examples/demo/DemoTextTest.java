package dev.convoke.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo as a person sees it, and what it says of a command line or a file that is wrong. */
class DemoTextTest {
    private static final String ESCAPE = "\u001b";
    private static final String GOOD_LINE =
            "{\"type\":\"github.ping\",\"data\":{\"zen\":\"Spelling matters\",\"sender\":{\"login\":\"ada\"}}}\n";

    @TempDir
    Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("events.ndjson"), content);
    }

    // ---- the summary ----

    @Test
    void the_summary_has_all_its_parts() throws Exception {
        Ran ran = Ran.demo("--out", directory);

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .startsWith("329 publications, 2,303 deliveries to 7 listeners, in ")
                .containsPattern("(?m)^ +listener +ok +failed +timed out +p50 +p95 +max$")
                .containsPattern("(?m)^ +strict-validator +282 +47 +0 ")
                .containsPattern("(?m)^ +flaky-partner +321 +0 +8 ")
                .containsPattern("(?m)^ +all deliveries +2,248 +47 +8 ")
                .containsPattern("(?m)^ +whole publication +[0-9]")
                .contains("  strict-validator  47\n")
                .contains("23 × InvalidWebhookException: its repository is private  (first: line-1)\n")
                .contains("8 × no result within 400 ms  (first: line-170)\n")
                .contains("\nSlowest publication: github.")
                .contains("· queued   █ running   ✗ failed   ← ended last\n")
                .contains("\nWhat they left, in " + directory + "\n")
                .contains("329 events in the full-text index, webhooks-index.db (")
                .contains("329 lines, webhooks-audit.log (")
                .contains("329 posts, accepted by the endpoint")
                .contains(
                        "sqlite3 webhooks-index.db \"SELECT event, line FROM webhooks('spelling')\"\n  34 events; best: github.")
                .doesNotContain(ESCAPE);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 90, 100, 120})
    void the_summary_fits_the_terminal(int columns) throws Exception {
        String many = IntStream.range(0, 20).mapToObj(i -> GOOD_LINE).collect(Collectors.joining());
        Ran ran = Ran.demoOnTerminal(columns, "--out", directory.resolve("x"), "--data", file(many));

        assertThat(ran.out().replaceAll(ESCAPE + "\\[[0-9;]*m", "").lines())
                .filteredOn(line -> !line.startsWith("What they left, in "))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Math.max(80, Math.min(columns, 100))));
    }

    @Test
    void on_a_terminal_progress_is_a_bar_that_goes() throws Exception {
        Ran ran = Ran.demoOnTerminal(80, "--out", directory, "--data", file(GOOD_LINE));

        assertThat(ran.err())
                .contains("\r" + ESCAPE + "[K████████████████████████ 100 %  1 of 1 published")
                .endsWith("\r" + ESCAPE + "[K")
                .doesNotContain("\n");
        assertThat(ran.out()).contains(ESCAPE + "[1m");
    }

    @Test
    void without_out_the_files_go_to_a_new_directory_that_is_named() throws Exception {
        Ran ran = Ran.demo("--json", "--data", file(GOOD_LINE));

        Path index = Path.of(ran.json().path("work").path("index").path("path").stringValue());
        assertThat(index).exists();
        for (String left : new String[] {"webhooks-index.db", "webhooks-audit.log", ""}) {
            Files.delete(index.resolveSibling(left));
        }
    }

    @Test
    void no_events_give_a_summary_of_nothing() throws Exception {
        Ran text = Ran.demo("--out", directory, "--data", file("\n"));
        Ran json = Ran.demo("--json", "--out", directory, "--data", file(""));

        assertThat(text.exitCode()).isZero();
        assertThat(text.out()).startsWith("0 publications, 0 deliveries").contains("whole publication");
        assertThat(json.json().path("publications").intValue()).isZero();
        assertThat(json.json().path("latencyMillis").isNull()).isTrue();
        assertThat(json.json().path("slowest").isNull()).isTrue();
    }

    // ---- a wrong file ----

    @Test
    void a_malformed_line_is_reported_and_the_others_are_published() throws Exception {
        Path data = file(GOOD_LINE + "not json\n" + GOOD_LINE);
        Ran ran = Ran.demo("--json", "--out", directory, "--data", data);

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("convoke demo: " + data + ", line 2: not JSON: Unrecognized token 'not'");
        assertThat(ran.json().path("publications").intValue()).isEqualTo(2);
        assertThat(ran.json().path("malformed").path(0).path("line").intValue()).isEqualTo(2);
    }

    @Test
    void of_many_malformed_lines_ten_are_reported() throws Exception {
        Ran ran = Ran.demo("--out", directory, "--data", file("[]\n".repeat(12)));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .contains("line 10: expected a JSON object, but found array")
                .doesNotContain("line 11")
                .contains("and 2 more malformed lines");
        assertThat(ran.out()).contains("12 malformed lines, not published");
    }

    @Test
    void a_file_that_is_not_UTF_8_is_malformed_there_and_nowhere_else() throws Exception {
        Path data = directory.resolve("latin1.ndjson");
        Files.writeString(data, GOOD_LINE + GOOD_LINE.replace("ada", "é"), StandardCharsets.ISO_8859_1);
        Ran ran = Ran.demo("--json", "--out", directory, "--data", data);

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("line 2: not JSON: Invalid UTF-8");
        assertThat(ran.json().path("publications").intValue()).isEqualTo(1);
    }

    // ---- a wrong command line ----

    @Test
    void help_is_data() throws Exception {
        Ran ran = Ran.demo("--json", "--help", "--nonsense");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .startsWith("Usage: convoke demo ")
                .contains("--json", "--out DIR", "--journal sqlite:FILE", "--data FILE", "Exit code");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void what_is_wrong_with_the_command_line_is_said_with_what_where_and_what_was_expected() throws Exception {
        refused(
                "unknown option '--nonsense' (argument 2): expected --json, --out DIR, --journal sqlite:FILE, --data FILE or --help",
                "--json",
                "--nonsense");
        refused("unknown option '--json=yes' (argument 1): expected --json, ", "--json=yes");
        refused("unexpected argument 'now' (argument 1): expected --json, ", "now");
        refused("--out (argument 1) is the last one: expected a directory after it", "--out");
        refused("--out needs a directory, but argument 2 is '--json'", "--out", "--json");
        refused("--data needs a file, but argument 1 is ''", "--data=");
        refused("--data needs a file, but argument 2 is 'a\0b': Nul character not allowed", "--data", "a\0b");
        refused("--data needs a file that can be read, but is " + directory, "--data", directory);
        refused("--data needs a file that can be read, but is missing.ndjson", "--data=missing.ndjson");
        Path file = file(GOOD_LINE);
        refused("--out needs a directory, but " + file + " is none and cannot be made one", "--out", file);
    }

    @Test
    void what_is_wrong_with_the_journal_is_said_likewise() throws Exception {
        refused("--journal (argument 1) is the last one: expected sqlite:FILE after it", "--journal");
        refused("--journal needs sqlite:FILE, but argument 2 is 'foo:bar'", "--journal", "foo:bar");
        refused("--journal needs sqlite:FILE, but argument 1 is 'demo.db'", "--journal=demo.db");
        refused("--journal needs sqlite:FILE, but argument 2 is 'sqlite:'", "--journal", "sqlite:");
        refused("--journal needs sqlite:FILE, but argument 2 is '--json'", "--journal", "--json");
        refused(
                "--journal needs a file in a directory that is there, but there is no " + directory.resolve("no"),
                "--journal",
                "sqlite:" + directory.resolve("no/demo.db"));
        refused("--journal needs a file, but " + directory + " is a directory", "--journal=sqlite:" + directory);
        refused("--out and --journal exclude each other", "--out", directory, "--journal", "sqlite:demo.db");
    }

    @Test
    void a_journal_that_is_no_database_is_a_failure_without_a_stack_trace() throws Exception {
        Path file = file(GOOD_LINE.repeat(100));
        Ran ran = Ran.demo("--data", file, "--journal", "sqlite:" + file);

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("convoke demo: ")
                .contains("not a database")
                .doesNotContain("\tat ");
    }

    @Test
    void a_journal_of_other_events_is_refused_as_their_ids_are_the_same() throws Exception {
        String journal = "sqlite:" + directory.resolve("demo.db");
        Ran first = Ran.demo("--json", "--data", file(GOOD_LINE), "--journal", journal);
        Path other = Files.writeString(directory.resolve("other"), GOOD_LINE.replace("ada", "bob"));

        assertThat(first.exitCode()).isZero();
        refused("--journal needs a new file for other events, but ", "--data", other, "--journal", journal);
    }

    private static void refused(String message, Object... arguments) throws Exception {
        Ran ran = Ran.demo(arguments);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("convoke demo: " + message)
                .endsWith("Try: convoke demo --help" + System.lineSeparator());
    }

    @Test
    void what_cannot_be_written_is_a_failure_without_a_stack_trace() throws Exception {
        Files.createDirectories(directory.resolve("webhooks-audit.log").resolve("in the way"));
        Ran ran = Ran.demo("--out", directory, "--data", file(GOOD_LINE));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("convoke demo: ")
                .contains("webhooks-audit.log")
                .doesNotContain("\tat ");
    }
}
