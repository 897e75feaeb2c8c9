package dev.convoke.journal;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.postgresql.ds.PGSimpleDataSource;

/** The contract in PostgreSQL. */
class PostgresqlJournalTest extends JournalContract {
    private static EmbeddedPostgres server;
    private static int databases;
    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        String name = "journal" + ++databases;
        try (Connection connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        dataSource.setUrl(server.getJdbcUrl("postgres", name));
    }

    @Override
    JdbcJournal open(JournalOptions options) {
        return JdbcJournal.open(dataSource, options);
    }

    @Override
    Connection connect() throws SQLException {
        return dataSource.getConnection();
    }
}
