package dev.convoke.internal.resolve;

import dev.convoke.event.EventType;
import dev.convoke.listener.ListenerOptions;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;

/** Registers listeners of one event, and reads them back: all that these tests need to know of the registry's methods. */
final class Registrations {
    private static final EventType<String> TYPE = EventType.of("event", String.class);

    private Registrations() {}

    static Registration append(ListenerRegistry registry, ListenerOptions options) {
        return registry.append(TYPE, payload -> CompletableFuture.completedFuture(null), options, null);
    }

    /** The ids of those that a publication would now find. */
    static String found(ListenerRegistry registry) {
        Roster roster = registry.roster(TYPE, "payload");
        StringJoiner ids = new StringJoiner(" ");
        for (int i = 0; i < roster.size(); i++) {
            ids.add(roster.get(i).listenerId());
        }
        return ids.toString();
    }
}
