package dev.convoke.benchmarks.journal.server;

/** A database that runs as long as this is open. */
public interface Server extends AutoCloseable {
    /** Makes an empty database and returns its JDBC URL; whatever was made before is dropped. */
    String emptyDatabase() throws Exception;

    /** Returns what a reader needs to know of it: version and settings. */
    String describe() throws Exception;

    @Override
    void close() throws Exception;
}
