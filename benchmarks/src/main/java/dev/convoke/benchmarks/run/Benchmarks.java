package dev.convoke.benchmarks.run;

import dev.convoke.benchmarks.journal.JournalBenchmark;
import dev.convoke.benchmarks.report.Pictures;
import dev.convoke.benchmarks.report.Results;
import dev.convoke.benchmarks.report.ResultsJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command behind {@code benchmarks/run}, which starts it once for each JDK. */
public final class Benchmarks {
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
    private static final String ROUNDS = "--rounds=";
    private static final String MILLIS = "--millis=";

    private Benchmarks() {}

    /**
     * Measures and writes what was measured; or draws it.
     *
     * @param arguments the directory of the results, then what {@code benchmarks/run --help} lists
     */
    public static void main(String... arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        List<String> words = List.of(arguments).subList(1, arguments.length);
        switch (words.get(0)) {
            case "chart" -> draw(Path.of(words.get(1)), Path.of(words.get(2)));
            case "journal" -> JournalBenchmark.run(directory, words.subList(1, words.size()));
            case "regression" -> System.exit(Regression.passes() ? 0 : 1);
            case "quick" -> measure(Scenarios.ALL, chosen(Mode.QUICK, words), directory);
            case "full" -> measure(Scenarios.ALL, chosen(full(), words), directory);
            default -> measure(scenarios(words), chosen(Mode.CHOSEN, words), directory);
        }
    }

    private static void draw(Path json, Path svg) throws IOException {
        Files.writeString(svg, Pictures.overview(ResultsJson.read(Files.readString(json))));
    }

    private static void measure(List<Scenario> scenarios, Mode mode, Path directory) throws Exception {
        Plan plan = new Plan(scenarios, mode, java());
        new Rounds(plan.steps(), mode).measure(results -> write(plan, results, mode, directory));
    }

    private static void write(Plan plan, Results results, Mode mode, Path directory) throws IOException {
        String name = mode.name() + "-jdk" + java();
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(name + ".json"), ResultsJson.write(results));
        Files.writeString(directory.resolve(name + ".md"), Tables.of(plan, results, java()));
    }

    private static Mode full() {
        return java() >= FIRST_WITH_VIRTUAL_THREADS ? Mode.FULL : Mode.FULL_BRIEF;
    }

    private static List<Scenario> scenarios(List<String> words) {
        return words.stream()
                .filter(word -> !word.startsWith("--"))
                .map(Scenarios::withId)
                .toList();
    }

    private static Mode chosen(Mode mode, List<String> words) {
        Mode chosen = mode;
        for (String word : words) {
            if (word.startsWith(ROUNDS)) {
                chosen = chosen.withRounds(Integer.parseInt(word.substring(ROUNDS.length())));
            } else if (word.startsWith(MILLIS)) {
                chosen = chosen.withMillis(Integer.parseInt(word.substring(MILLIS.length())));
            }
        }
        return chosen;
    }

    private static int java() {
        return Runtime.version().feature();
    }
}
