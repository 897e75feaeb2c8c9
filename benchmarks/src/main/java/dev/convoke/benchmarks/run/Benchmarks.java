package dev.convoke.benchmarks.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The command that {@code benchmarks/run} runs, once for each JDK. */
public final class Benchmarks {
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private Benchmarks() {}

    /**
     * Runs a mode or some scenarios and writes what they measured.
     *
     * @param arguments the directory of the results, then a mode or the ids of scenarios
     */
    public static void main(String... arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        List<String> words = List.of(arguments).subList(1, arguments.length);
        int java = Runtime.version().feature();
        Run run = new Run(plan(words, java), modeOf(words, java), java, directory);
        run.go();
    }

    private static Plan plan(List<String> words, int java) {
        return new Plan(scenarios(words), modeOf(words, java), java);
    }

    private static List<Scenario> scenarios(List<String> words) {
        List<Scenario> chosen = new ArrayList<>();
        for (String word : words) {
            if (!isOption(word) && !isMode(word)) {
                chosen.add(Scenarios.withId(word));
            }
        }
        return chosen.isEmpty() ? Scenarios.ALL : chosen;
    }

    private static Mode modeOf(List<String> words, int java) {
        Mode mode = Mode.CHOSEN;
        if (words.contains("quick")) {
            mode = Mode.QUICK;
        } else if (words.contains("full")) {
            mode = java >= FIRST_WITH_VIRTUAL_THREADS ? Mode.FULL : Mode.FULL_BRIEF;
        }
        for (String word : words) {
            if (word.startsWith("--rounds=")) {
                mode = mode.withRounds(Integer.parseInt(word.substring("--rounds=".length())));
            }
        }
        return mode;
    }

    private static boolean isOption(String word) {
        return word.startsWith("--");
    }

    private static boolean isMode(String word) {
        return Arrays.asList("quick", "full").contains(word.toLowerCase(Locale.ROOT));
    }
}
