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
        for (String server : choice.servers().isEmpty() ? Servers.usual() : choice.servers()) {
            List<JournalScenario> scenarios =
                    scenariosOf(server).stream().filter(choice::wants).toList();
            JournalResults results = measure(
                    server, choice, scenarios, soFar -> write(scenarios, soFar, directory, "journal-" + server));
            System.out.println(JournalTable.of(scenarios, results));
        }
    }

    static List<JournalScenario> scenariosOf(String server) {
        return server.equals(Servers.SQLITE) ? JournalScenarios.SQLITE : JournalScenarios.POSTGRESQL;
    }

    /** Measures on a server that it starts and, also when it is interrupted, ends. */
    static JournalResults measure(
            String serverName, JournalChoice choice, List<JournalScenario> scenarios, JournalRun.Receiver receiver)
            throws Exception {
        try (Server server = Servers.start(serverName)) {
            Thread ending = new Thread(() -> close(server), "ending of the server");
            Runtime.getRuntime().addShutdownHook(ending);
            JournalResults results = new JournalRun(choice, scenarios, server).measure(receiver);
            Runtime.getRuntime().removeShutdownHook(ending);
            return results;
        }
    }

    private static void close(Server server) {
        try {
            server.close();
        } catch (Exception e) {
            System.err.println("The server could not be ended: " + e);
        }
    }

    private static void write(List<JournalScenario> scenarios, JournalResults results, Path directory, String name)
            throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve(name + ".json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(results));
        Files.writeString(directory.resolve(name + ".md"), JournalTable.of(scenarios, results));
    }
}
