package dev.convoke.original;

import dev.convoke.event.EventArguments;
import dev.convoke.listener.EventContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * One call of a scripted listener.
 *
 * <p>Confined to one thread at a time: the one that calls the listener, later the one that goes on with it.
 */
final class ScriptedDelivery {
    private final ConvokeRun run;
    private final ScriptedListener listener;
    private final EventArguments arguments;
    private final EventContext context;
    private final String publication;
    private final String id;
    private final Rest.OfDelivery rest;
    private final CompletableFuture<Object> result = new CompletableFuture<>();
    private final List<Object> gathered = new ArrayList<>();
    private int next;
    private volatile Boom thrown;

    ScriptedDelivery(ScriptedListener listener, EventArguments arguments, EventContext context) {
        this.run = listener.run();
        this.listener = listener;
        this.arguments = arguments;
        this.context = context;
        this.publication = arguments.get("of", String.class);
        this.id = run.publication(publication).delivery(context);
        this.rest = run.publication(publication).rest().started();
    }

    /** What the coordinator calls. */
    CompletionStage<?> call() throws Boom {
        run.transcript().starts(publication, listener.label() + "(" + Values.render(arguments) + ")");
        result.whenComplete(this::ended);
        goOn();
        Boom boom = thrown;
        if (boom != null) {
            throw boom;
        }
        return result;
    }

    private void goOn() {
        boolean atOnce = true;
        while (atOnce && !result.isDone()) {
            atOnce = perform(listener.actions().get(next++).split(":", -1));
        }
    }

    /** Does one thing and says whether the next one can be done at once. */
    private boolean perform(String[] action) {
        switch (action[0]) {
            case "wait" -> suspend();
            case "publish" -> publish(action[1], false);
            case "try" -> publish(action[1], true);
            case "subscribe" -> run.subscribe(action[1], action[2]);
            default -> end(action[0]);
        }
        return action[0].equals("subscribe");
    }

    private void suspend() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        run.suspended().put(id, () -> {
            rest.goesOn();
            gate.complete(null);
        });
        rest.suspends();
        gate.thenRun(this::goOn);
    }

    private void publish(String event, boolean goOnAfterFailure) {
        String nestedId = id + ">" + event + (gathered.size() + 1);
        ScriptedPublication nested = run.publish(nestedId, event, derivedArguments(nestedId));
        // The original cancels whatever a cancelled listener awaits; in Convoke the listener has to pass it on.
        context.onCancel(nested::cancel);
        CompletableFuture<List<Object>> asked =
                run.gather(nestedId); // before it awaits, and so may be taken to be at rest
        rest.awaits(nested.rest());
        asked.whenComplete((values, failure) -> gathered(values, failure, goOnAfterFailure));
    }

    private EventArguments derivedArguments(String nestedId) {
        List<Object> positional = new ArrayList<>(arguments.positional());
        positional.add(listener.label());
        EventArguments derived = EventArguments.of(positional.toArray());
        for (Map.Entry<String, ?> named : arguments.named().entrySet()) {
            derived = derived.with(named.getKey(), named.getValue());
        }
        return derived.with("of", nestedId).with("by", listener.label());
    }

    /** The failure is in a {@link CompletionException}, as that of a composed stage is. */
    private void gathered(List<?> values, Throwable failure, boolean goOnAfterFailure) {
        if (result.isDone()) {
            return; // it was cancelled
        }
        rest.goesOn();
        if (failure == null) {
            gathered.add(values);
        } else if (goOnAfterFailure && failure.getCause() instanceof Boom) {
            gathered.add("caught");
        } else {
            result.completeExceptionally(failure);
        }
        goOn();
    }

    private void end(String how) {
        switch (how) {
            case "return" -> result.complete(gathered.isEmpty() ? listener.label() : gathered);
            case "echo" -> result.complete(firstArgument());
            case "fail" -> result.completeExceptionally(run.boom(id));
            case "throw" -> {
                thrown = run.boom(id);
                result.completeExceptionally(thrown);
            }
            case "cancel" -> result.completeExceptionally(new CancellationException());
            default -> throw new IllegalArgumentException("a listener does not " + how);
        }
    }

    private Object firstArgument() {
        return arguments.positional().isEmpty() ? null : arguments.get(0, Object.class);
    }

    /** By itself, or because the coordinator cancelled its stage. */
    private void ended(Object value, Throwable failure) {
        run.suspended().remove(id);
        run.transcript().ends(publication, id, run.render(value, cause(failure)));
        rest.ends(failure != null);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }
}
