package dev.convoke.journal;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** Tells the journal of transactions that a framework keeps for a thread, so that what is published joins them. Thread-safe. */
@FunctionalInterface
public interface ConnectionSource {
    /**
     * The connection to the journal's database whose transaction this thread is in, or null where it is in none. Called on the
     * publisher's thread for each event that a durable listener wants. The connection stays the framework's.
     */
    @Nullable Connection current();
}
