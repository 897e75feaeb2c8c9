package dev.convoke.benchmarks.journal.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** What is the same for each PostgreSQL server that listens on a port of this machine. */
final class PostgresqlAdmin {
    /** What differs from the server's defaults. */
    static final Map<String, String> SETTINGS = Map.of("shared_buffers", "1GB", "max_connections", "300");

    private static final List<String> SHOWN =
            List.of("shared_buffers", "max_connections", "fsync", "synchronous_commit", "jit");

    private final int port;

    PostgresqlAdmin(int port) {
        this.port = port;
    }

    /** Makes an empty database, and writes out what earlier ones have left to write. */
    String emptyDatabase() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS benchmark WITH (FORCE)");
            statement.execute("CREATE DATABASE benchmark");
            statement.execute("CHECKPOINT");
        }
        return url("benchmark");
    }

    /** Returns the version and the settings that matter for speed. */
    String describe() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            StringBuilder text = new StringBuilder("PostgreSQL ");
            text.append(connection.getMetaData().getDatabaseProductVersion());
            for (String name : SHOWN) {
                ResultSet value = statement.executeQuery("SHOW " + name);
                value.next();
                text.append(", ").append(name).append('=').append(value.getString(1));
            }
            return text.toString();
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://localhost:" + port + "/" + database + "?user=postgres";
    }
}
