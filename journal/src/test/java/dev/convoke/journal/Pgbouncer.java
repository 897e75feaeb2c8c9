package dev.convoke.journal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

/** A pgbouncer of Debian's in transaction mode, as {@code postgres} where the tests are run by root, on a free port of loopback. */
final class Pgbouncer implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    private final Process process;
    private final int port;

    private Pgbouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** In front of this database's server, with so many connections to it, which take turns. */
    static Pgbouncer start(PGSimpleDataSource database, int connections) throws IOException {
        int port = freePort();
        Path directory = Files.createTempDirectory(
                "convoke-pgbouncer",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Path settings = directory.resolve("pgbouncer.ini");
        String password =
                database.getPassword() == null || database.getPassword().isEmpty()
                        ? ""
                        : " password=" + database.getPassword();
        Files.writeString(settings, """
                [databases]
                * = host=%s port=%d user=%s%s

                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = %d
                server_round_robin = 1
                server_login_retry = 1
                ignore_startup_parameters = extra_float_digits
                """.formatted(
                        database.getServerNames()[0],
                        database.getPortNumbers()[0],
                        database.getUser(),
                        password,
                        port,
                        connections));
        Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-r--r--"));
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "postgres"));
        }
        command.add(settings.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Pgbouncer started = new Pgbouncer(process, port);
        try {
            Awaitility.await("pgbouncer, whose log is in " + directory).until(started::answers);
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
        return started;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The same database, by way of this, with the driver's defaults. */
    PGSimpleDataSource to(PGSimpleDataSource database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database.getDatabaseName());
        source.setUser(database.getUser());
        return source;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
