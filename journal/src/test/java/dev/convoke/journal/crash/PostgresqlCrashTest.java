package dev.convoke.journal.crash;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** Crashes of processes that use PostgreSQL. */
class PostgresqlCrashTest extends CrashContract {
    private EmbeddedPostgres server;

    @Override
    Store create() throws IOException {
        server = EmbeddedPostgres.start();
        return new Store(server.getJdbcUrl("postgres", "postgres"));
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }
}
