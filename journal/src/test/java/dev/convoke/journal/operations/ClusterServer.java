package dev.convoke.journal.operations;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Debian's server with a cluster of its own in a directory of its own. It can crash; where Debian's {@code faketime} is installed, its clock can be
 * set, and where {@code pgbouncer} is, there can be one in front of it. As the server refuses to run as root, it runs as {@code postgres} then.
 */
final class ClusterServer implements DatabaseServer {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final Path BOUNCER = Path.of("/usr/sbin/pgbouncer");
    private static final List<Path> CLOCKS = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"));

    private final Path binaries;
    private final Path directory;
    private final int port;
    private Process bouncer;

    ClusterServer(Path binaries) throws Exception {
        this.binaries = binaries;
        this.directory = Files.createTempDirectory("convoke-operations");
        this.port = freePort();
        setClock(Duration.ZERO);
        if (isRoot()) {
            run(List.of("chown", "-R", "postgres", directory.toString()));
        }
        run(asPostgres("initdb", "-U", "postgres", "-A", "trust", "--no-sync", "-D", data()));
        pgCtl("start");
    }

    /** The directory of the newest server that is installed. */
    static Optional<Path> binaries() throws IOException {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> DatabaseServer.isInstalled(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    @Override
    public PGSimpleDataSource maintenance() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl("jdbc:postgresql://localhost:" + port + "/postgres?user=postgres");
        return dataSource;
    }

    @Override
    public boolean canCrash() {
        return true;
    }

    @Override
    public void crash() throws Exception {
        pgCtl("restart");
    }

    /** Only processes are killed, never the machine: what was written is there without waiting for the disk. */
    private void pgCtl(String action) throws Exception {
        String options =
                "-p %d -c fsync=off -c max_connections=200 -c unix_socket_directories=%s".formatted(port, directory);
        run(asPostgres(
                "pg_ctl", action, "-m", "immediate", "-w", "-t", "60", "-D", data(), "-l", file("log"), "-o", options));
    }

    private String data() {
        return file("data");
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    @Override
    public boolean hasClock() {
        return clock().isPresent();
    }

    private static Optional<Path> clock() {
        return CLOCKS.stream().filter(DatabaseServer::isInstalled).findFirst();
    }

    /** In one step, as a reader of half a file would be misled. */
    @Override
    public void setClock(Duration offset) throws IOException {
        Path next = directory.resolve("clock.next");
        Files.writeString(next, "%+d".formatted(offset.toSeconds()));
        Files.move(next, directory.resolve("clock"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public Optional<Integer> bouncerTo(String database) throws IOException {
        if (!DatabaseServer.isInstalled(BOUNCER)) {
            return Optional.empty();
        }
        int bouncerPort = freePort();
        Path ini = Files.writeString(directory.resolve("pgbouncer.ini"), """
                [databases]
                %1$s = host=127.0.0.1 port=%2$d dbname=%1$s user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %3$d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 20
                max_client_conn = 200
                server_login_retry = 1
                query_wait_timeout = 10
                ignore_startup_parameters = extra_float_digits
                """.formatted(database, port, bouncerPort));
        bouncer = new ProcessBuilder(asPostgres(List.of(BOUNCER.toString(), "-q", ini.toString())))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("pgbouncer.log").toFile())
                .start();
        return Optional.of(bouncerPort);
    }

    @Override
    public void close() throws IOException {
        if (bouncer != null) {
            bouncer.descendants().forEach(ProcessHandle::destroy);
            bouncer.destroy();
        }
        try {
            run(asPostgres("pg_ctl", "stop", "-m", "immediate", "-w", "-D", data()));
            run(List.of("rm", "-rf", directory.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** With the clock that can be set. */
    private List<String> asPostgres(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        clock().ifPresent(library -> command.addAll(List.of(
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME_TIMESTAMP_FILE=" + file("clock"),
                "FAKETIME_NO_CACHE=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1")));
        command.add(binaries.resolve(program).toString());
        command.addAll(List.of(arguments));
        return asPostgres(command);
    }

    private static List<String> asPostgres(List<String> command) {
        return isRoot()
                ? Stream.concat(Stream.of("runuser", "-u", "postgres", "--"), command.stream())
                        .toList()
                : command;
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("convoke-operations", ".out");
        int status = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status + ": " + Files.readString(output)
                    + serverLog());
        }
        Files.delete(output);
    }

    private String serverLog() throws IOException {
        Path log = Path.of(file("log"));
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
