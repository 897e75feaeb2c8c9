package dev.convoke.benchmarks.journal.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Debian's PostgreSQL with its defaults, in a cluster of its own in a directory of its own.
 *
 * <p>As the server refuses to run as root, it runs as {@code postgres} then.
 */
final class DebianServer implements Server {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private final Path binaries;
    private final Path directory;
    private final PostgresqlAdmin admin;

    DebianServer() throws IOException, InterruptedException {
        binaries = binaries().orElseThrow(() -> new IllegalStateException("no PostgreSQL in " + VERSIONS));
        directory = Files.createTempDirectory("convoke-benchmark");
        int port = freePort();
        admin = new PostgresqlAdmin(port);
        if (isRoot()) {
            run(List.of("chown", "postgres", directory.toString()));
        }
        run(program("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D", data()));
        run(program("pg_ctl", "start", "-w", "-D", data(), "-l", file("log"), "-o", settings(port)));
    }

    static boolean isInstalled() throws IOException {
        return binaries().isPresent();
    }

    @Override
    public String emptyDatabase() throws Exception {
        return admin.emptyDatabase();
    }

    @Override
    public String describe() throws Exception {
        return "Debian's " + admin.describe();
    }

    /** Ends the server by the process id that is in its directory. */
    @Override
    public void close() throws IOException, InterruptedException {
        run(program("pg_ctl", "stop", "-m", "immediate", "-w", "-D", data()));
        Directories.empty(directory);
        Files.delete(directory);
    }

    private String settings(int port) {
        StringBuilder settings = new StringBuilder("-p " + port + " -c unix_socket_directories=" + directory);
        PostgresqlAdmin.SETTINGS.forEach((name, value) -> settings.append(" -c " + name + "=" + value));
        return settings.toString();
    }

    private String data() {
        return file("data");
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    /** The directory of the newest server that is installed. */
    private static Optional<Path> binaries() throws IOException {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    private List<String> program(String name, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(binaries.resolve(name).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("convoke-benchmark", ".out");
        int status = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile()) // no pipe: the server that is started inherits it, and never closes it
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException(
                    String.join(" ", command) + " ended with " + status + ": " + Files.readString(output));
        }
        Files.delete(output);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
