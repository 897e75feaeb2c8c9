package dev.convoke.benchmarks.journal.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;

/** The PostgreSQL that comes as a Maven artifact; it was built without JIT. */
final class EmbeddedServer implements Server {
    private final EmbeddedPostgres server;
    private final PostgresqlAdmin admin;

    EmbeddedServer() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
        builder.setServerConfig("fsync", "on"); // it is off by default
        builder.setServerConfig("synchronous_commit", "on");
        PostgresqlAdmin.SETTINGS.forEach(builder::setServerConfig);
        server = builder.start();
        admin = new PostgresqlAdmin(server.getPort());
    }

    @Override
    public String emptyDatabase() throws SQLException {
        return admin.emptyDatabase();
    }

    @Override
    public String describe() throws SQLException {
        return "embedded " + admin.describe();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
