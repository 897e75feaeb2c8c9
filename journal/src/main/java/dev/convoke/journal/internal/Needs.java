package dev.convoke.journal.internal;

import dev.convoke.event.EventType;
import dev.convoke.journal.DeadReason;
import org.jspecify.annotations.Nullable;

/**
 * What a process has to know to read an event: its name, and a version of its payload.
 *
 * <p>Thread-safe: immutable.
 */
record Needs(String eventName, int version) {
    static Needs of(StoredEvent event) {
        return new Needs(event.name(), event.version());
    }

    /** What {@link #text} made. */
    static Needs of(String text) {
        int end = text.indexOf(' ');
        return new Needs(text.substring(end + 1), Integer.parseInt(text.substring(0, end)));
    }

    /** As it is stored. */
    String text() {
        return version + " " + eventName;
    }

    boolean isMetBy(Local local, Journal journal) {
        EventType<?> type = typeFor(local, journal);
        return type != null && version <= journal.payloads().versionOf(type.name());
    }

    /** As what its listener here reads the event; null where it does not. */
    @Nullable EventType<?> typeFor(Local local, Journal journal) {
        EventType<?> own = local.listener().type();
        if (own != null) {
            boolean isIts = journal.catalog().isCalled(eventName, own.name())
                    || journal.options().nowOf(eventName).equals(own.name());
            return isIts ? own : null;
        }
        return typeHere(null, journal);
    }

    /** As what this process reads the event, also where it has no listener for it; null where it does not. */
    @Nullable EventType<?> typeHere(@Nullable Local local, Journal journal) {
        EventType<?> type = local == null ? null : typeFor(local, journal);
        type = type == null ? journal.payloads().typeOf(eventName) : type;
        return type == null ? journal.payloads().typeOf(journal.catalog().nowOf(eventName)) : type;
    }

    DeadReason reason(Local local, Journal journal) {
        return typeFor(local, journal) == null ? DeadReason.UNKNOWN_TYPE : DeadReason.UNREADABLE;
    }

    /** For an operator. */
    String whyNot(Local local, Journal journal) {
        EventType<?> type = typeFor(local, journal);
        if (type != null) {
            return "the payload of event " + eventName + " is in version " + version
                    + ", and this process reads up to version "
                    + journal.payloads().versionOf(type.name()) + ": deploy a version of the application that reads it";
        }
        return local.listener().type() == null
                ? "listener " + local.name()
                        + " is subscribed to a pattern, and this process does not know the type of event " + eventName
                        + ": add it by JournalOptions.type(…)"
                : "listener " + local.name() + " reads event "
                        + local.listener().subscribedTo()
                        + " in this process, and this delivery is of event " + eventName
                        + ": deploy the version of the application that reads it, or tell of a renamed event by"
                        + " JournalOptions.renamedEvent(…)";
    }
}
