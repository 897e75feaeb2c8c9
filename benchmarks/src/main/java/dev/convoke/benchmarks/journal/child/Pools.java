package dev.convoke.benchmarks.journal.child;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** The same pool of connections for each subject. */
final class Pools {
    private static final int SPARE = 8;
    private static final int HANDLERS = 70; // a hundred of some peers hold a connection each while they wait

    /** As the journal sets it. */
    private static final String SQLITE = "?journal_mode=WAL&synchronous=FULL&busy_timeout=10000";

    private Pools() {}

    static HikariDataSource open(Job job) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(job.url().startsWith("jdbc:sqlite:") ? job.url() + SQLITE : job.url());
        config.setMaximumPoolSize(Publishing.PUBLISHERS + SPARE + (job.handlerMillis() > 0 ? HANDLERS : 0));
        return new HikariDataSource(config);
    }
}
