package dev.convoke.journal.internal.guard;

import java.sql.SQLException;
import java.sql.Savepoint;

/** A savepoint of a listener's. Thread-safe: immutable. */
record GuardedSavepoint(String name, int id) implements Savepoint {
    static GuardedSavepoint named(String name) {
        return new GuardedSavepoint(name, 0);
    }

    static GuardedSavepoint unnamed(int id) {
        return new GuardedSavepoint("convoke_listener_" + id, id);
    }

    String quoted() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public int getSavepointId() throws SQLException {
        if (id == 0) {
            throw new SQLException("this savepoint has a name and no number: " + name);
        }
        return id;
    }

    @Override
    public String getSavepointName() throws SQLException {
        if (id != 0) {
            throw new SQLException("this savepoint has a number and no name: " + id);
        }
        return name;
    }
}
