package dev.convoke.journal;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Empty databases in a server that is started for the tests, or in the one at {@code -Dconvoke.postgresql=jdbc:postgresql://…},
 * where they stay.
 */
final class PostgresqlServer implements AutoCloseable {
    private final EmbeddedPostgres embedded;
    private final PGSimpleDataSource maintenance = new PGSimpleDataSource();

    private PostgresqlServer(EmbeddedPostgres embedded, String url) {
        this.embedded = embedded;
        maintenance.setUrl(url);
    }

    static PostgresqlServer start() throws IOException {
        String url = System.getProperty("convoke.postgresql", "");
        if (!url.isEmpty()) {
            return new PostgresqlServer(null, url);
        }
        EmbeddedPostgres embedded = EmbeddedPostgres.start();
        return new PostgresqlServer(embedded, embedded.getJdbcUrl("postgres", "postgres"));
    }

    /** A database that nobody else uses. */
    PGSimpleDataSource createDatabase() throws SQLException {
        String name = "convoke_" + UUID.randomUUID().toString().replace("-", "");
        execute(maintenance, "CREATE DATABASE " + name);
        PGSimpleDataSource created = new PGSimpleDataSource();
        created.setUrl(maintenance.getUrl());
        created.setUser(maintenance.getUser());
        created.setPassword(maintenance.getPassword());
        created.setDatabaseName(name);
        return created;
    }

    static void execute(PGSimpleDataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        if (embedded != null) {
            embedded.close();
        }
    }
}
