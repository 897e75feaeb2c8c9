package dev.convoke.journal.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells a handler of the application's of what is wrong, each thing once as long as it stays so.
 *
 * <p>Confined to the housekeeper's thread. The handler is called on another one, of which there is one at a time.
 *
 * @param <T> what is told
 */
final class Alarm<T> {
    private final Journal journal;
    private final Consumer<? super T> handler;
    private final Set<Object> told = new HashSet<>();
    private @Nullable Thread telling;

    Alarm(Journal journal, Consumer<? super T> handler) {
        this.journal = journal;
        this.handler = handler;
    }

    /** Whether the handler is still busy with what it was told before. */
    boolean isBusy() {
        return telling != null && telling.isAlive();
    }

    /** These are all that is wrong now, by what tells one from another; says whether one of them is new. */
    boolean isAnyNew(Collection<?> identities) {
        told.retainAll(identities);
        return !told.containsAll(identities);
    }

    /** Whether this one was not told before; it counts as told from now on. */
    boolean isNew(Object identity) {
        return told.add(identity);
    }

    void tell(List<T> news) {
        List<T> all = new ArrayList<>(news);
        telling = journal.thread("alarm", () -> all.forEach(this::callHandler));
        telling.start();
    }

    private void callHandler(T one) {
        try {
            handler.accept(one);
        } catch (Throwable e) { // the next one is to be told, too
            Log.warn("a handler of alarms failed at " + one, e);
        }
    }
}
