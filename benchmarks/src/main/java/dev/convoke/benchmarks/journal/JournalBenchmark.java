package dev.convoke.benchmarks.journal;

import dev.convoke.benchmarks.journal.server.Server;
import dev.convoke.benchmarks.journal.server.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code benchmarks/run journal}. */
public final class JournalBenchmark {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JournalBenchmark() {}

    /**
     * Measures, and writes what was measured.
     *
     * @param directory for the results
     * @param words the options
     */
    public static void run(Path directory, List<String> words) throws Exception {
        JournalChoice choice = JournalChoice.of(words);
        List<JournalScenario> scenarios =
                JournalScenarios.POSTGRESQL.stream().filter(choice::wants).toList();
        try (Server server = Servers.start(choice.server())) {
            Thread ending = new Thread(() -> close(server), "ending of the server"); // also when the run is interrupted
            Runtime.getRuntime().addShutdownHook(ending);
            JournalResults results =
                    new JournalRun(choice, scenarios, server).measure(soFar -> write(scenarios, soFar, directory));
            System.out.print(JournalTable.of(scenarios, results));
            Runtime.getRuntime().removeShutdownHook(ending);
        }
    }

    private static void close(Server server) {
        try {
            server.close();
        } catch (Exception e) {
            System.err.println("The server could not be ended: " + e);
        }
    }

    private static void write(List<JournalScenario> scenarios, JournalResults results, Path directory)
            throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("journal.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(results));
        Files.writeString(directory.resolve("journal.md"), JournalTable.of(scenarios, results));
    }
}
