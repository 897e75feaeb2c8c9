package dev.convoke.journal;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.postgresql.ds.PGSimpleDataSource;

/** Operators at PostgreSQL. */
class PostgresqlOperatorTest extends OperatorContract {
    private static PostgresqlServer server;
    private PGSimpleDataSource dataSource;

    @BeforeAll
    static void startServer() throws IOException {
        server = PostgresqlServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void makeTables() throws SQLException {
        dataSource = server.createDatabase();
        open(QUICK).close();
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
