package dev.convoke.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.zaxxer.hikari.HikariDataSource;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PostgreSQL behind pgbouncer in transaction mode, where each transaction may be on another of the server's connections. There
 * are no tests where it is not installed, unless {@code -Dconvoke.pgbouncer=required}.
 */
@Tag("everyday")
class SettingsPgbouncerTest extends SettingsScenario {
    @TestFactory
    @DisplayName("pgbouncer in transaction mode works, or is refused by name")
    Stream<DynamicTest> pgbouncer() {
        if (!Pgbouncer.isInstalled()) {
            assertThat(System.getProperty("convoke.pgbouncer"))
                    .as("-Dconvoke.pgbouncer=required, but there is no " + Pgbouncer.PROGRAM
                            + ": apt-get install pgbouncer")
                    .isNotEqualTo("required");
            return Stream.empty();
        }
        return Stream.of(
                dynamicTest("with the driver's defaults", () -> works(source -> source)),
                dynamicTest("with a pool, whose statements the driver names", () -> works(this::pool)),
                dynamicTest(
                        "with prepareThreshold=0",
                        () -> works(source -> {
                            source.setPrepareThreshold(0);
                            return pool(source);
                        })));
    }

    /** What is made of the driver's data source. */
    private interface Setting {
        DataSource of(PGSimpleDataSource source);
    }

    private DataSource pool(PGSimpleDataSource source) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(source);
        pool.setMaximumPoolSize(8);
        pool.setMinimumIdle(1);
        return pool;
    }

    private void works(Setting setting) throws Exception {
        createDatabase(); // as one factory's tests share what is before each
        try (Pgbouncer pgbouncer = Pgbouncer.start(admin, 6)) {
            try {
                PGSimpleDataSource own = pgbouncer.to(admin); // the driver names even its COMMIT, from the fifth on
                own.setPrepareThreshold(0);
                assertWorksOrIsRefused(setting.of(pgbouncer.to(admin)), own, "pgbouncer");
            } finally {
                endAll();
            }
        }
    }
}
