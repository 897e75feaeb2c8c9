package dev.convoke.journal.operations;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** A database and the ways that processes have to it. */
interface Site extends AutoCloseable {
    /** After what time without a reply a process gives a connection up. */
    int SOCKET_TIMEOUT_SECONDS = 10;

    /** Which database. */
    enum Kind {
        POSTGRESQL,
        SQLITE;

        /** An empty one, for so many processes. */
        Site open(Path directory, int pods) throws Exception {
            return this == POSTGRESQL ? new PostgresqlSite(pods) : new SqliteSite(directory);
        }
    }

    /** What the process with this number is to be given. */
    String address(int pod);

    Tables tables();

    /** Whether who stands still in a transaction keeps everybody from writing. */
    default boolean isFile() {
        return false;
    }

    /** Which faults there can be. */
    Set<Fault> faults();

    /** The network of the process with this number. */
    default Proxy proxy(int pod) {
        throw new UnsupportedOperationException("a file has no network");
    }

    default DatabaseServer server() {
        throw new UnsupportedOperationException("a file has no server");
    }

    @Override
    void close() throws IOException;
}
