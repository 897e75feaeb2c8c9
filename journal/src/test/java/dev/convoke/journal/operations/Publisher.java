package dev.convoke.journal.operations;

import dev.convoke.event.Receipt;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;

/** How a program publishes an event with this id and key. */
interface Publisher {
    /** By its coordinator. */
    CompletableFuture<Receipt> publish(String id, String key);

    /** In a transaction of its own. */
    void publishWithin(Connection connection, String id, String key);
}
