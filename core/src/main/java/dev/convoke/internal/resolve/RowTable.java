package dev.convoke.internal.resolve;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What the rows of one table share: the order of all subscriptions, some locks, and how a row leaves.
 *
 * <p>Thread-safe. A row of its own lock each would cost more than the row; so rows share a few, and no thread ever holds
 * two of them.
 */
final class RowTable {
    private static final int LOCKS = 64;

    private final Sequence sequence;
    private final Consumer<Row> release;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    /**
     * A table.
     *
     * @param release takes a row out; called when its last listener has left, and harmless twice
     */
    RowTable(Sequence sequence, Consumer<Row> release) {
        this.sequence = sequence;
        this.release = release;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    Sequence sequence() {
        return sequence;
    }

    ReentrantLock lockOf(String name) {
        int hash = name.hashCode();
        return locks[(hash ^ hash >>> 16) & (LOCKS - 1)];
    }

    void release(Row row) {
        release.accept(row);
    }
}
