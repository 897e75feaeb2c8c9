package dev.convoke.journal.operations;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postgresql.ds.PGSimpleDataSource;

/** The server that comes along as a test dependency. Thread-safe. */
final class EmbeddedServer implements DatabaseServer {
    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    EmbeddedServer() throws IOException {
        data = Files.createTempDirectory("convoke-operations").resolve("data");
        server = builder().start();
        port = server.getPort();
    }

    private EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
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

    /** Its first process is killed, and those that it has started. */
    @Override
    public synchronized void crash() throws IOException {
        Path file = data.resolve("postmaster.pid");
        ProcessHandle postmaster = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(file).get(0)))
                .orElseThrow();
        var children = postmaster.children().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        await().until(() -> !postmaster.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
        Files.deleteIfExists(file);
        server.close(); // there is nothing left of it but its lock
        server = builder().setPort(port).start();
    }

    @Override
    public synchronized void close() throws IOException {
        server.close();
    }
}
