package dev.convoke.original;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import dev.convoke.listener.ListenerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the same scripts through Convoke and through the original, and compares who ran, with what, in which order the
 * listeners of a publication started, and what its publisher was told. {@link DifferencesFromTheOriginalTest} has the rest.
 */
class OriginalDifferentialTest {
    private static final int SCRIPTS = 700;

    /** How often in all scripts is often. */
    private static final int OFTEN = 25;

    /** After so many scripts that differ, no more are run: one that hangs takes seconds. */
    private static final int ENOUGH = 3;

    private static List<Script> scripts;
    private static List<List<String>> expected;

    @BeforeAll
    static void run_the_original(@TempDir Path scratch) throws Exception {
        scripts = LongStream.range(0, SCRIPTS).mapToObj(ScriptGenerator::script).toList();
        expected = new Original(scratch).transcripts(scripts);
        assertThat(expected).hasSameSizeAs(scripts);
    }

    @Test
    @DisplayName("S1, S2, S4, S5, S6, S7, S8: inline listeners behave as those of the original")
    void S_inline_listeners_behave_as_those_of_the_original() throws Exception {
        ListenerOptions inline = ListenerOptions.defaults().inline();
        requireEqual(inline, each -> each.script().ordered() ? each : each.withoutOrderInAStep());
    }

    @Test
    @DisplayName(
            "S1, S2, S4, S6, S7, S8: listeners on the executor behave as those of the original, whose starts are in order")
    void S_listeners_on_the_executor_behave_as_those_of_the_original() throws Exception {
        requireEqual(ListenerOptions.defaults(), Comparison::withoutOrderInAStep);
    }

    private static void requireEqual(ListenerOptions options, UnaryOperator<Comparison> reduced) throws Exception {
        List<Comparison> different = new ArrayList<>();
        int run = 0;
        while (run < SCRIPTS && different.size() < ENOUGH) {
            Comparison comparison = reduced.apply(compare(run++, options));
            if (!comparison.isEqual()) {
                different.add(comparison);
            }
        }
        String count = different.size() + " of " + run + " scripts differ; the shortest is ";
        different.stream()
                .min(Comparator.comparingInt(Comparison::length))
                .ifPresent(shortest -> fail(count + shortest));
    }

    private static Comparison compare(int index, ListenerOptions options) throws Exception {
        Script script = scripts.get(index);
        return new Comparison(script, expected.get(index), ConvokeRun.transcript(script, options));
    }

    @Test
    @DisplayName("S5: a listener subscribed meanwhile waits for the next publication, which may be a sibling's")
    void S5_a_listener_subscribed_meanwhile_waits_for_the_next_publication(@TempDir Path scratch) throws Exception {
        Script script = Script.of("S5", """
                listener LATE return
                listener SUBSCRIBING subscribe:x:LATE subscribe:y:LATE return
                listener PUBLISHING publish:y return
                subscribe x PUBLISHING
                subscribe x SUBSCRIBING
                subscribe x PUBLISHING
                publish p1 x
                await p1
                publish p2 x
                await p2
                """);
        List<String> original =
                new Original(scratch).transcripts(List.of(script)).get(0);
        List<String> convoke =
                ConvokeRun.transcript(script, ListenerOptions.defaults().inline());
        assertThat(convoke)
                .containsExactlyElementsOf(original)
                .contains(
                        "  p1 saw returned [[[]], \"SUBSCRIBING\", [[\"LATE\"]]]",
                        "  p2 saw returned [[[\"LATE\"]], \"SUBSCRIBING\", [[\"LATE\", \"LATE\"]], \"LATE\"]");
    }

    @Test
    @DisplayName("the scripts often have in them whatever is compared")
    void scripts_are_varied() {
        String kinds = """
                a nested publication            : p./.(#.)?>[abcd]1 starts .*
                another one of the same listener: p./.(#.)?>[abcd]2 starts .*
                a publication nested deeper     : p[^>]*>[^>]*>.* starts .*
                no listeners                    : p. saw returned \\[]
                positional and named arguments  : p. starts .\\(1, .*k=.*
                no positional arguments         : p. starts .\\(of=.*
                a listener subscribed twice     : p./.#2 returned .*
                a listener that subscribes      : listener .* subscribe:.*
                several results                 : p. saw returned \\["[A-I]", .*
                results of a nested publication : p. saw returned .*\\[\\[.*
                the first argument for a result : p./. returned ".*[^A-I]"
                a failure                       : p. saw failed boom p./.(#.)? in .*
                a nested failure let through    : p. saw failed boom p.*>.*
                a nested failure caught         : p. saw returned .*"caught".*
                a cancellation                  : p. saw cancelled
                a nested cancellation           : p.*>.* saw cancelled
                a release                       : release .
                a listener refused              : refused
                """;
        assertSoftly(softly -> kinds.lines()
                .map(kind -> kind.split(" *: ", 2))
                .forEach(kind -> softly.assertThat(isOften(kind[1])).as(kind[0]).isTrue()));
    }

    /** Whether enough lines are of such a text, behind the number of a step or behind {@code p1 ends}. */
    private static boolean isOften(String regex) {
        Predicate<String> matches =
                Pattern.compile("(\\d+ |  )(\\S+ ends )?" + regex).asMatchPredicate();
        return expected.stream()
                        .flatMap(List::stream)
                        .filter(matches)
                        .limit(OFTEN)
                        .count()
                == OFTEN;
    }

    @Test
    @DisplayName("where Python is missing, the check fails and says so")
    void a_missing_python_is_a_failure(@TempDir Path scratch) {
        Original missing = new Original("no-such-python3", scratch);
        assertThatThrownBy(() -> missing.transcripts(scripts))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("no-such-python3 cannot be run")
                .hasMessageContaining("apt-get install python3");
    }
}
