package dev.convoke.benchmarks.journal.server;

/** The servers, by the name that {@code --server=} gives them. */
public final class Servers {
    public static final String SQLITE = "sqlite";

    private Servers() {}

    /**
     * Starts one.
     *
     * @param name {@code debian}, {@code embedded} or {@code sqlite}; empty for Debian's where it is installed, and else the
     *     embedded one
     */
    public static Server start(String name) throws Exception {
        return switch (name) {
            case "" -> DebianServer.isInstalled() ? new DebianServer() : new EmbeddedServer();
            case "debian" -> new DebianServer();
            case "embedded" -> new EmbeddedServer();
            case SQLITE -> new SqliteFiles();
            default -> throw new IllegalArgumentException("no such server: " + name + " (debian, embedded, sqlite)");
        };
    }
}
