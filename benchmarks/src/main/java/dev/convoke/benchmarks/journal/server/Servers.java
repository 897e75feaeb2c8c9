package dev.convoke.benchmarks.journal.server;

import java.io.IOException;
import java.util.List;

/** The servers, by the names that {@code --server=} gives them. */
public final class Servers {
    public static final String SQLITE = "sqlite";
    private static final String DEBIAN = "debian";
    private static final String EMBEDDED = "embedded";

    private Servers() {}

    /** PostgreSQL, Debian's where it is installed, and SQLite. */
    public static List<String> usual() throws IOException {
        return List.of(postgresql(), SQLITE);
    }

    /** PostgreSQL: Debian's where it is installed, and else the embedded one. */
    public static String postgresql() throws IOException {
        return DebianServer.isInstalled() ? DEBIAN : EMBEDDED;
    }

    /** Starts one. */
    public static Server start(String name) throws Exception {
        return switch (name) {
            case DEBIAN -> new DebianServer();
            case EMBEDDED -> new EmbeddedServer();
            case SQLITE -> new SqliteFiles();
            default -> throw new IllegalArgumentException("no such server: " + name + " (debian, embedded, sqlite)");
        };
    }
}
