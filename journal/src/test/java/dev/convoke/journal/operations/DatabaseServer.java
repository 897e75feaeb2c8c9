package dev.convoke.journal.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL server. Thread-safe. */
interface DatabaseServer extends AutoCloseable {
    /**
     * The one at {@code -Dconvoke.postgresql}; else Debian's, where it is installed, in a cluster of its own; else the one that comes along as a
     * test dependency.
     */
    static DatabaseServer start() throws Exception {
        String url = System.getProperty("convoke.postgresql", "");
        if (!url.isEmpty()) {
            return new SomebodysServer(url);
        }
        Optional<Path> binaries = ClusterServer.binaries();
        return binaries.isPresent() ? new ClusterServer(binaries.get()) : new EmbeddedServer();
    }

    /** Its maintenance database. */
    PGSimpleDataSource maintenance();

    /** Whether it can be made to crash. */
    default boolean canCrash() {
        return false;
    }

    /** Crashes and comes back, on the same port. */
    default void crash() throws Exception {
        throw new UnsupportedOperationException("this server is not the test's own");
    }

    /** Whether its clock can be set. */
    default boolean hasClock() {
        return false;
    }

    /** Sets its clock so much before or after the true time. */
    default void setClock(Duration offset) throws IOException {
        throw new UnsupportedOperationException("this server's clock cannot be set");
    }

    /** The port of a pgbouncer in front of the database, in transaction mode, where it can be had. */
    default Optional<Integer> bouncerTo(String database) throws IOException {
        return Optional.empty();
    }

    @Override
    void close() throws IOException;

    /** A server that runs already. */
    record SomebodysServer(String url) implements DatabaseServer {
        @Override
        public PGSimpleDataSource maintenance() {
            PGSimpleDataSource dataSource = new PGSimpleDataSource();
            dataSource.setUrl(url);
            return dataSource;
        }

        @Override
        public void close() {}
    }

    /** Whether a program or library of Debian's is installed. */
    static boolean isInstalled(Path file) {
        return Files.exists(file);
    }
}
