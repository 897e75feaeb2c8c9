package dev.convoke.benchmarks.journal.subject;

import java.nio.file.Path;
import javax.sql.DataSource;

/**
 * How a subject is used.
 *
 * @param url the database, as a JDBC URL
 * @param dataSource a pool of connections to it
 * @param listeners how many listeners get each event
 * @param ordered whether deliveries of one customer run one after another
 * @param blocking whether handlers wait: then a hundred at a time are to run
 * @param notifications whether the database is to wake other processes
 */
public record Setup(
        String url,
        DataSource dataSource,
        int listeners,
        boolean ordered,
        boolean blocking,
        boolean notifications,
        Handler handler) {
    private static final String SQLITE = "jdbc:sqlite:";

    boolean isSqlite() {
        return url.startsWith(SQLITE);
    }

    /** SQLite's file. */
    Path file() {
        return Path.of(url.substring(SQLITE.length()));
    }

    /** How many deliveries a subject is to run at a time if it has to be told. */
    int threads() {
        return blocking ? 100 : 32;
    }
}
