package dev.convoke;

import dev.convoke.event.DeadLetter;
import dev.convoke.event.DeliveryResult;
import dev.convoke.event.Event;
import dev.convoke.internal.check.Check;
import dev.convoke.internal.dispatch.Dispatcher;
import dev.convoke.internal.dispatch.Journaling;
import dev.convoke.internal.dispatch.KeptDeadLetters;
import dev.convoke.internal.dispatch.LivePublication;
import dev.convoke.internal.resolve.ListenerRegistry;
import dev.convoke.internal.resolve.Registration;
import dev.convoke.internal.resolve.Roster;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A coordinator's dead letters, in memory and in its journal. Thread-safe: it has no state of its own. */
record CoordinatorDeadLetters(ListenerRegistry registry, Dispatcher dispatcher) implements DeadLetters {
    @Override
    public List<DeadLetter> list() {
        List<DeadLetter> inMemory = dispatcher.deadLetters().list();
        Journaling journaling = dispatcher.journaling();
        return journaling == null
                ? inMemory
                : Stream.concat(inMemory.stream(), journaling.deadLetters().list().stream())
                        .toList();
    }

    @Override
    public long dropped() {
        return dispatcher.deadLetters().dropped();
    }

    @Override
    public CompletableFuture<DeliveryResult> retry(String id) {
        KeptDeadLetters kept = keptWith(id);
        if (kept != null) {
            return CompletableFuture.completedFuture(kept.retry(id).orElseThrow(() -> unknown(id)));
        }
        DeadLetter letter = dispatcher.deadLetters().find(id).orElseThrow(() -> unknown(id));
        Registration registration = registrationOf(letter);
        if (!discard(id)) {
            throw unknown(id); // another thread was faster
        }
        LivePublication<?> publication = dispatcher.retry(letter, registration);
        if (publication.refusal() != null) {
            dispatcher.deadLetters().keep(letter);
            throw new IllegalStateException("dead letter " + id + " cannot be retried", publication.refusal());
        }
        return publication
                .settlement()
                .askOutcome()
                .thenApply(outcome -> outcome.results().get(0));
    }

    private static IllegalArgumentException unknown(String id) {
        return new IllegalArgumentException("there is no dead letter " + id);
    }

    private Registration registrationOf(DeadLetter letter) {
        Event<?> event = letter.event();
        Roster roster = registry.roster(event.type(), event.payload());
        for (int i = 0; i < roster.size(); i++) {
            if (roster.get(i).listenerId().equals(letter.listener())) {
                return inMemory(roster.get(i));
            }
        }
        throw new IllegalStateException("no listener " + letter.listener() + " is subscribed to "
                + event.type().name());
    }

    private static Registration inMemory(Registration registration) {
        if (registration.isDurable()) {
            throw new IllegalStateException(
                    "listener " + registration.listenerId()
                            + " has become durable: it gets its events from the journal, and dead letters in memory are not there");
        }
        return registration;
    }

    @Override
    public boolean discard(String id) {
        KeptDeadLetters kept = keptWith(id);
        return kept == null ? dispatcher.deadLetters().remove(id) : kept.discard(id);
    }

    /** Where a dead letter with this id would be kept; null where that is in memory. */
    private @Nullable KeptDeadLetters keptWith(String id) {
        Journaling journaling = dispatcher.journaling();
        boolean isKept = KeptDeadLetters.isKept(Check.present("dead letter id", id));
        return isKept && journaling != null ? journaling.deadLetters() : null;
    }
}
