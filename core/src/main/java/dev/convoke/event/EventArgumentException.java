package dev.convoke.event;

import org.jspecify.annotations.Nullable;

/** An argument that a listener asked for was not given, or is of another type. */
public final class EventArgumentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final boolean located;

    private EventArgumentException(String message, boolean located) {
        super(message);
        this.located = located;
    }

    static EventArgumentException missing(String which, Class<?> expected, String given) {
        return new EventArgumentException(
                which + " is missing: expected " + expected.getTypeName() + ", but " + given, false);
    }

    static EventArgumentException mistyped(String which, Class<?> expected, @Nullable Object actual) {
        String actualType = actual == null ? "null" : actual.getClass().getTypeName();
        return new EventArgumentException(
                which + " is of another type: expected " + expected.getTypeName() + ", actual " + actualType, false);
    }

    /**
     * This exception with event and listener in its message, and with the same stack.
     *
     * @return itself where they are there already
     */
    public EventArgumentException in(String eventName, String listener) {
        if (located) {
            return this;
        }
        EventArgumentException full =
                new EventArgumentException("event " + eventName + ", listener " + listener + ": " + getMessage(), true);
        full.setStackTrace(getStackTrace());
        return full;
    }
}
