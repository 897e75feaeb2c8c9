package dev.convoke.event;

/** Why a publication as a whole was refused; none of its listeners ran. */
public enum Refusal {
    /** The coordinator is draining or closed. */
    CLOSED,
    /** Nobody listens, and the event's type says {@link Unheard#FAIL}. */
    UNHEARD,
    /** It was published inside a chain of publications that is longer than the coordinator's limit. */
    TOO_DEEP
}
