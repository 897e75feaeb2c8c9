package dev.convoke.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** Operators at PostgreSQL. */
@Tag("everyday")
class PostgresqlOperatorTest extends OperatorContract {
    private static PostgresqlServer server;
    private HikariDataSource dataSource;

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
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.createDatabase());
        config.setMaximumPoolSize(40); // for all processes of a test
        dataSource = new HikariDataSource(config);
        open(QUICK).close();
    }

    @AfterEach
    @Override
    void closeAll() throws Exception {
        super.closeAll();
        dataSource.close();
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
