package dev.convoke.journal.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Crashes of processes that use PostgreSQL, and of that. */
class PostgresqlCrashTest extends CrashContract {
    private EmbeddedPostgres server;

    @Override
    Store create() throws IOException {
        server = start(0);
        return new Store(server.getJdbcUrl("postgres", "postgres"));
    }

    /** It takes over from the frozen one, which it takes for dead. */
    @Override
    void awaitTheOther() {
        await().atMost(20, TimeUnit.SECONDS).until(() -> owners() == 1);
    }

    @Override
    String modeToFreeze() {
        return "dawdle";
    }

    private EmbeddedPostgres start(int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Test
    @DisplayName("D1, D3: nothing accepted is lost when the database is killed, and the process goes on by itself")
    void nothing_is_lost_when_the_database_is_killed() throws Exception {
        Process process = begin("survivor", "publish");
        for (int i = 0; i < 3; i++) {
            awaitMore();
            int port = server.getPort();
            killServer();
            server = start(port);
        }
        awaitMore();
        process.destroyForcibly().waitFor();
        drain();

        Checker.Report report = Checker.check(store(), directory, 4);

        assertThat(report.faults()).isEmpty();
        assertThat(report.accepted()).isGreaterThan(30);
        assertThat(report.rejected()).isPositive();
    }

    @Test
    @DisplayName("D1, D3, D4, D5, D10: nothing is lost, doubled or stranded when connections are lost at random")
    void nothing_is_lost_when_connections_are() throws Exception {
        Process process = begin("faulty", "faulty");
        assertThat(process.waitFor(90, TimeUnit.SECONDS))
                .as("it has come to its end")
                .isTrue();
        assertThat(process.exitValue()).as("nothing was left").isZero();

        Checker.Report report = Checker.check(store(), directory, 0);

        System.out.println(report);
        assertThat(report.faults()).isEmpty();
        assertThat(report.twice().values()).as("made twice").containsOnly(0);
        assertThat(report.accepted()).isGreaterThan(30);
    }

    /** Its first process, and with it those that it has started; what they had not on the disk is gone. */
    private void killServer() throws Exception {
        Path file = directory.resolve("data/postmaster.pid");
        long pid = Long.parseLong(Files.readAllLines(file).get(0));
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        var children = postmaster.children().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        await().until(() -> !postmaster.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
        Files.deleteIfExists(file);
        server.close(); // there is nothing left of it but its lock
    }
}
