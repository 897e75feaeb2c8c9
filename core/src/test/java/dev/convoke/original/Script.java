package dev.convoke.original;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One script, which runs through Convoke ({@link ConvokeRun}) and through the original ({@code run_scripts.py}).
 *
 * <p>Each line is a step. A step is over when nothing happens any more by itself; what is suspended waits for a later step,
 * so that the script alone says what comes first.
 *
 * <p>Thread-safe: immutable. Steps:
 *
 * <pre>
 * listener A wait publish:y return    declares a listener: what it does, and how it ends
 * subscribe x A                       subscribes it to an event
 * refuse x nothing|blocking           tries to subscribe what is not an asynchronous listener
 * publish p1 x 1 "two" k=null         publishes an event, with positional and named arguments
 * await p1                            from now on somebody awaits the publication
 * release 3                           goes on with one of the suspended listeners, by number
 * cancel p1                           cancels the publication, unless it has failed
 * table                               lists the events and how many listeners they have
 * finish                              goes on with each suspended listener until none is left
 * </pre>
 *
 * <p>A listener does, one after the other:
 *
 * <pre>
 * wait             suspends until it is released
 * publish:y        publishes y with its own arguments and one more, and awaits that; a failure is its own
 * try:y            the same, but it goes on after a failure
 * subscribe:y:B    subscribes another listener to y
 * </pre>
 *
 * <p>It ends with {@code return} (what its publications returned, or its own name), {@code echo} (its first argument),
 * {@code fail}, {@code throw} (which differs from {@code fail} in Java alone) or {@code cancel}.
 *
 * @param name what the script is called where it fails
 * @param ordered whether the first of several failures is known when listeners run inline; see {@link ScriptGenerator}
 * @param lines the steps
 */
record Script(String name, boolean ordered, List<String> lines) {
    /** The lines of a text block, ordered. */
    static Script of(String name, String text) {
        return new Script(name, true, text.lines().toList());
    }

    /** As the original reads it. */
    String forTheOriginal() {
        return lines.stream().collect(Collectors.joining("\n", "script\n", "\nend\n"));
    }

    @Override
    public String toString() {
        return name + "\n" + lines.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
    }
}
