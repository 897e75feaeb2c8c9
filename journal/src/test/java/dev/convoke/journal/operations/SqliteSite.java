package dev.convoke.journal.operations;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;

/** A file of SQLite's. Thread-safe. */
record SqliteSite(Path file, Tables tables) implements Site {
    SqliteSite(Path directory) throws SQLException {
        this(directory.resolve("events.db"), Tables.of(directory.resolve("events.db")));
        tables.create();
    }

    @Override
    public String address(int pod) {
        return file.toString();
    }

    @Override
    public boolean isFile() {
        return true;
    }

    @Override
    public Set<Fault> faults() {
        return EnumSet.of(Fault.KILL, Fault.ROLL, Fault.FREEZE, Fault.FREEZE_BRIEFLY, Fault.LOCK);
    }

    @Override
    public void close() {
        // the file goes with its directory
    }
}
