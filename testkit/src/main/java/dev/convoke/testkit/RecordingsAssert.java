package dev.convoke.testkit;

import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.WritableAssertionInfo;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about the publications of one event. Each {@code with…} keeps those that are so, and fails where none is left;
 * {@link #once} and {@link #times} count what has been kept.
 *
 * <p>Confined to one thread.
 *
 * @param <E> the payload type
 */
public final class RecordingsAssert<E> extends AbstractAssert<RecordingsAssert<E>, List<Recording>> {
    private final List<Recording> all;
    private final long forgotten;
    private final List<String> wanted;

    RecordingsAssert(List<Recording> kept, List<Recording> all, long forgotten, WritableAssertionInfo info) {
        this(kept, all, forgotten, info, List.of());
    }

    private RecordingsAssert(
            List<Recording> kept,
            List<Recording> all,
            long forgotten,
            WritableAssertionInfo info,
            List<String> wanted) {
        super(kept, RecordingsAssert.class);
        this.all = all;
        this.forgotten = forgotten;
        this.wanted = wanted;
        Continued.from(info, this.info);
    }

    /** These recordings, without those that are not so. */
    RecordingsAssert<E> narrow(String what, Predicate<Recording> matches) {
        return keep(what, actual.stream().filter(matches).toList(), "");
    }

    private RecordingsAssert<E> narrowSatisfying(String what, Consumer<Recording> requirements) {
        StringBuilder thrown = new StringBuilder("\nNot satisfied:");
        List<Recording> kept = new ArrayList<>();
        for (Recording recording : actual) {
            try {
                requirements.accept(recording);
                kept.add(recording);
            } catch (AssertionError e) {
                thrown.append("\n- ").append(String.valueOf(e.getMessage()).strip());
            }
        }
        return keep(what, kept, thrown.toString());
    }

    private RecordingsAssert<E> keep(String what, List<Recording> kept, String why) {
        List<String> more = new ArrayList<>(wanted);
        more.add(what);
        RecordingsAssert<E> narrowed = new RecordingsAssert<>(kept, all, forgotten, info, more);
        if (kept.isEmpty()) {
            narrowed.failNothingLeft(why);
        }
        return narrowed;
    }

    RecordingsAssert<E> ofPayloadType(EventType<E> type) {
        return narrow(
                "payload type " + type.payloadType().getTypeName(),
                recording -> recording.event().type().payloadType().equals(type.payloadType()));
    }

    /**
     * Says that a publication had a payload equal to this.
     *
     * @throws AssertionError if none had
     */
    public RecordingsAssert<E> withPayload(E payload) {
        Objects.requireNonNull(payload, "payload must not be null");
        return narrow(
                "payload " + wording().payload(payload),
                recording -> recording.event().payload().equals(payload));
    }

    /**
     * Says that a publication had a payload with which the requirements throw nothing.
     *
     * @throws AssertionError if none had; the message has what they threw
     */
    @SuppressWarnings("unchecked") // narrowed to the type, or asked for by name, where it is Object
    public RecordingsAssert<E> withPayloadSatisfying(Consumer<? super E> requirements) {
        return narrowSatisfying(
                "payload satisfying requirements",
                recording -> requirements.accept((E) recording.event().payload()));
    }

    /**
     * Says that a publication had these positional arguments, and no named ones.
     *
     * @throws AssertionError if none had
     */
    public RecordingsAssert<E> withArguments(@Nullable Object... positional) {
        return withArguments(EventArguments.of(positional));
    }

    /**
     * Says that a publication had these positional and named arguments.
     *
     * @throws AssertionError if none had
     */
    public RecordingsAssert<E> withArguments(EventArguments arguments) {
        return narrow(
                "arguments " + wording().payload(arguments),
                recording -> recording.event().payload().equals(arguments));
    }

    /**
     * Says that a publication had this key.
     *
     * @throws AssertionError if none had
     */
    public RecordingsAssert<E> withKey(String key) {
        return narrow(
                "key " + key,
                recording -> recording.event().key().filter(key::equals).isPresent());
    }

    /**
     * Says that a publication has an outcome with which the requirements throw nothing.
     *
     * @throws AssertionError if none has; the message has what they threw
     */
    public RecordingsAssert<E> withOutcome(Consumer<? super OutcomeAssert> requirements) {
        return narrowSatisfying("outcome satisfying requirements", recording -> {
            OutcomeAssert outcome =
                    new OutcomeAssert(recording.outcome().orElseThrow(() -> new AssertionError("it is unfinished")));
            outcome.info.useRepresentation(info.representation());
            requirements.accept(outcome);
        });
    }

    /**
     * Says that there is one such publication, no more.
     *
     * @throws AssertionError if there are more, or may be among what was forgotten
     */
    public RecordingsAssert<E> once() {
        return times(1);
    }

    /**
     * Says how many such publications there are.
     *
     * @throws AssertionError if there are more or fewer, or may be more among what was forgotten
     */
    public RecordingsAssert<E> times(int expected) {
        if (actual.size() != expected) {
            failWithMessage(
                    "%nExpected %s%nto be published %d time(s), but %d are recorded:%s%s",
                    wantedText(), expected, actual.size(), wording().list(actual), forgottenText());
        }
        if (forgotten > 0) {
            failWithMessage(
                    "%nExpected %s%nto be published %d time(s), and so many are recorded; but%s",
                    wantedText(), expected, forgottenText());
        }
        return this;
    }

    private void failNothingLeft(String why) {
        failWithMessage(
                "%nExpected a publication with %s%nbut none is recorded. Recorded:%s%s%s",
                wantedText(), wording().list(all), why, forgottenText());
    }

    private String wantedText() {
        return String.join(", ", wanted);
    }

    private String forgottenText() {
        return forgotten == 0 ? "" : "\n" + forgotten + " older ones were forgotten: keep more of them";
    }

    private Wording wording() {
        return new Wording(info.representation());
    }
}
