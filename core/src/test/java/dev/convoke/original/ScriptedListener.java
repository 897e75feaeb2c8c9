package dev.convoke.original;

import dev.convoke.event.EventArguments;
import dev.convoke.listener.AsyncListener;
import java.util.List;

/**
 * A listener that does what a line of a script says.
 *
 * <p>Thread-safe: immutable.
 *
 * @param actions what it does, one after the other; the last one is its end
 */
record ScriptedListener(ConvokeRun run, String label, List<String> actions) {
    AsyncListener<EventArguments> asynchronous() {
        return AsyncListener.withContext((arguments, context) -> new ScriptedDelivery(this, arguments, context).call());
    }
}
