package dev.convoke.benchmarks.journal.child;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** The same pool of connections for each subject. */
final class Pools {
    private static final int SPARE = 8;

    private Pools() {}

    static HikariDataSource open(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(Publishing.PUBLISHERS + SPARE);
        return new HikariDataSource(config);
    }
}
