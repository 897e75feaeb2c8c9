package dev.convoke.internal.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternTrieTest {
    private static final List<String> SEGMENTS = List.of("a", "b", "c", "", "*");
    private static final List<String> WILD_SEGMENTS = List.of("a", "b", "c", "", "*", "**");

    private final PatternTrie<String> trie = new PatternTrie<>();

    private void put(String pattern) {
        assertThat(trie.computeIfAbsent(pattern, () -> pattern)).isEqualTo(pattern);
    }

    private List<String> matching(String name) {
        List<String> found = new ArrayList<>();
        trie.match(name, found::add);
        return found;
    }

    /** What the words say, without a thought for speed. */
    private static boolean matches(List<String> pattern, List<String> name) {
        if (pattern.isEmpty()) {
            return name.isEmpty();
        }
        List<String> behind = pattern.subList(1, pattern.size());
        if (pattern.get(0).equals("**")) {
            return IntStream.rangeClosed(0, name.size())
                    .anyMatch(taken -> matches(behind, name.subList(taken, name.size())));
        }
        return !name.isEmpty()
                && (pattern.get(0).equals("*") || pattern.get(0).equals(name.get(0)))
                && matches(behind, name.subList(1, name.size()));
    }

    private static boolean matches(String pattern, String name) {
        return matches(List.of(pattern.split("\\.", -1)), List.of(name.split("\\.", -1)));
    }

    private static String text(SplittableRandom random, List<String> segments) {
        return IntStream.range(0, 1 + random.nextInt(6))
                .mapToObj(i -> segments.get(random.nextInt(segments.size())))
                .collect(Collectors.joining("."));
    }

    private void compare(Set<String> patterns, String name) {
        assertThat(matching(name))
                .as("patterns that match '%s'", name)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        patterns.stream().filter(p -> matches(p, name)).toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    @DisplayName("P13: the trie finds the patterns that a naive matcher finds, each once, while patterns come and go")
    void P13_the_trie_finds_what_a_naive_matcher_finds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<String> patterns = new LinkedHashSet<>();
        for (int step = 0; step < 3_000; step++) {
            String pattern = text(random, WILD_SEGMENTS);
            if (random.nextInt(100) < 60) {
                put(pattern);
                patterns.add(pattern);
            } else {
                assertThat(trie.remove(pattern, pattern)).isEqualTo(patterns.remove(pattern));
            }
            compare(patterns, text(random, SEGMENTS));
        }
        for (int i = 0; i < 1_000; i++) {
            compare(patterns, text(random, SEGMENTS));
        }
        Set<String> all = new LinkedHashSet<>();
        trie.forEach(all::add);
        assertThat(all).isEqualTo(patterns).hasSizeGreaterThan(500);
        patterns.forEach(pattern -> assertThat(trie.remove(pattern, pattern)).isTrue());
        assertThat(trie.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "order.*, order.placed, true",
        "order.*, order, false",
        "order.*, order.line.added, false",
        "order.**, order, true",
        "order.**, order.placed, true",
        "order.**, order.line.added, true",
        "order.**, orders, false",
        "**, order, true",
        "**, order.line.added, true",
        "*, order, true",
        "*, order.placed, false",
        "**.added, added, true",
        "**.added, order.line.added, true",
        "order.**.added, order.added, true",
        "order.**.added, order.a.b.c.added, true",
        "order.**.added, order.added.not, false",
        "*.placed, order.placed, true",
        "**.**, order, true",
        "order.placed, order.placed, true",
        "order.placed, order.Placed, false",
        "order.*, order., true",
        "*, *, true",
        "order.*, order.*, true"
    })
    @DisplayName("P13: * stands for one segment, ** for any number of them, anywhere in the pattern")
    void P13_wildcards_stand_for_segments(String pattern, String name, boolean matches) {
        put(pattern);
        assertThat(matching(name)).isEqualTo(matches ? List.of(pattern) : List.of());
        assertThat(matches(pattern, name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"or*der", "order.*d", "order.d*", "***", "order.***.x", "**x", "", "order.\n"})
    @DisplayName("P13: a pattern is refused that is no name, or has a wildcard in a part of a segment")
    void P13_patterns_that_mean_nothing_are_refused(String pattern) {
        assertThatThrownBy(() -> PatternTrie.requireValid(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pattern");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "**", "a", "a.*.b", "**.a.**", "a..b", ".", "order.**.*"})
    @DisplayName("P13: wildcards are whole segments anywhere in a pattern, which may have empty segments as names may")
    void P13_wildcards_may_be_anywhere(String pattern) {
        assertThatCode(() -> PatternTrie.requireValid(pattern)).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("P13: several ** in a pattern multiply no work")
    void P13_several_wildcards_multiply_no_work() {
        String pattern = "**.a.".repeat(40) + "b";
        put(pattern);
        put("**." + "**.".repeat(40) + "a");
        String name = "a.".repeat(120) + "a";
        assertThat(matching(name)).containsExactly("**." + "**.".repeat(40) + "a"); // tried one by one: for ever
        assertThat(matching(name + ".b")).containsExactly(pattern);
    }
}
