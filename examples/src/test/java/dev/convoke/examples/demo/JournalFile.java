package dev.convoke.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A journal's file, and runs on it that are killed. */
record JournalFile(Path path) {
    private static final int KILLED = 128 + 9;

    private static final String ENDED = """
            SELECT (SELECT coalesce(sum(deliveries), 0) FROM convoke_event)
                - (SELECT count(*) FROM convoke_delivery WHERE state <> 'DEAD')""";

    String option() {
        return "sqlite:" + path;
    }

    /** How many deliveries are done or dead. */
    int endedDeliveries() throws SQLException {
        boolean any = Files.exists(path)
                && !texts("SELECT 1 FROM sqlite_master WHERE name = 'convoke_journal'")
                        .isEmpty();
        return any ? Integer.parseInt(texts(ENDED).get(0)) : 0;
    }

    List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path + "?busy_timeout=10000");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** Runs the demo in a process of its own and kills that as soon as so many deliveries have ended. */
    void runAndKillAt(int deliveries) throws Exception {
        Process demo = start();
        try {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> !demo.isAlive() || endedDeliveries() >= deliveries);
        } finally {
            demo.destroyForcibly();
        }
        assertThat(demo.waitFor()).as("it was killed, and had not ended").isEqualTo(KILLED);
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName(),
                "--journal",
                option());
        builder.environment().put("CONVOKE_HOME", "..");
        builder.redirectErrorStream(true);
        builder.redirectOutput(path.resolveSibling("killed.out").toFile());
        return builder.start();
    }
}
