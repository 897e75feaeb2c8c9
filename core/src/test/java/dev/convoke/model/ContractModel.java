package dev.convoke.model;

import dev.convoke.listener.Overflow;
import dev.convoke.model.Parts.Delivery;
import dev.convoke.model.Parts.Letter;
import dev.convoke.model.Parts.Listener;
import dev.convoke.model.Parts.Place;
import dev.convoke.model.Parts.Publication;
import dev.convoke.model.Parts.Result;
import dev.convoke.model.Parts.Unobserved;
import dev.convoke.model.Scenario.Ask;
import dev.convoke.model.Scenario.Ending;
import dev.convoke.model.Scenario.Options;
import dev.convoke.model.Scenario.Order;
import dev.convoke.model.Scenario.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator does, for one thread, in the plainest words: lists that are searched from the beginning.
 *
 * <p>It takes the same steps as the coordinator and calls the same listeners' plans. One thing is told to it: which of the
 * deliveries that may go on the executor has picked ({@link Picked}); whether it may, and what comes of it, the model says.
 *
 * <p>What it only checks to be lawful, as the contract leaves it open: the order in which several deliveries give up when
 * their listener is closed or paused; the moment, after its grace, at which an unobserved failure is reported, and reports
 * of refused publications; the moment, until no task is left, at which {@code gather} and {@code first} are answered early.
 * Listeners that hold a thread, publishers that wait, pauses that end inside a listener and a closing that waits are left
 * to tests with threads.
 *
 * <p>Confined to one thread.
 */
final class ContractModel {
    private final Scenario scenario;
    private final Scenario.Bounds bounds;
    final Coverage coverage;
    final List<Listener> listeners = new ArrayList<>();
    final List<Publication> publications = new ArrayList<>();

    /** Those that have not ended. */
    final List<Delivery> deliveries = new ArrayList<>();

    final List<Letter> letters = new ArrayList<>();
    final List<Unobserved> unobserved = new ArrayList<>();

    /** What has happened since it was last taken. */
    final List<Seen> told = new ArrayList<>();

    /** What the coordinator showed in this step: it chooses where the contract leaves it to chance. */
    List<Seen> shown = List.of();

    long now;
    long lettersDropped;

    /** The letter whose retry is about to be published. */
    private @Nullable Letter retried;

    boolean closed;
    int numbers;
    private int calls;

    ContractModel(Scenario scenario, Scenario.Bounds bounds, Coverage coverage) {
        this.scenario = scenario;
        this.bounds = bounds;
        this.coverage = coverage;
    }

    void begin(long time, List<Seen> shownInThisStep) {
        now = time;
        shown = shownInThisStep;
        told.clear();
    }

    // ---- subscriptions ----

    void subscribe(Options options) {
        listeners.add(new Listener(listeners.size(), options));
    }

    List<Listener> listed(int event) {
        return listeners.stream()
                .filter(l -> l.isListed() && l.options.event() == event)
                .toList();
    }

    void close(Listener listener) {
        listener.closed = true;
        shut(listener);
    }

    void pause(Listener listener) {
        listener.paused |= !listener.closed;
        shut(listener);
    }

    /** Whatever has not started gives up at once, but what a thread has taken over: that does when its turn comes. */
    private void shut(Listener listener) {
        List<Delivery> heldBack = new ArrayList<>(deliveries.stream()
                .filter(d -> d.listener == listener && d.result == null)
                .filter(d -> d.place == Place.QUEUED
                        || d.place == Place.BACKING_OFF
                        || (d.place == Place.READY && listener.options.isGated()))
                .toList());
        heldBack.sort((a, b) -> Integer.compare(shownAt(a), shownAt(b)));
        for (Delivery d : heldBack) {
            coverage.count(d.attempts > 0 ? "shut in back-off" : "shut in queue");
            end(List.of(d), any -> Turns.whyNot(d));
        }
    }

    private int shownAt(Delivery d) {
        for (int i = 0; i < shown.size(); i++) {
            Seen seen = shown.get(i);
            if (seen.kind() == Seen.Kind.RESULT && isOf(seen, d)) {
                return i;
            }
        }
        return Integer.MAX_VALUE;
    }

    static boolean isOf(Seen seen, Delivery d) {
        return seen.publication() == d.publication.number && seen.listener() == d.listener.number;
    }

    // ---- publishing ----

    Publication publish(Request request, @Nullable Delivery parent) {
        return publish(numbers++, request, parent, listed(request.event()));
    }

    private Publication publish(int number, Request request, @Nullable Delivery parent, List<Listener> to) {
        Publication p = new Publication(number, request, parent);
        p.retried = retried;
        retried = null;
        publications.add(p);
        p.asked = request.ask() != Ask.NOTHING;
        p.refusal = closed ? "CLOSED" : to.isEmpty() && request.event() == Scenario.EVENTS - 1 ? "UNHEARD" : null;
        if (p.refusal == null) {
            to.forEach(listener -> p.deliveries.add(new Delivery(p, listener)));
            deliveries.addAll(p.deliveries);
            setDeadline(p);
            walk(p);
        }
        p.walked = true;
        coverage.count(p.refusal != null ? p.refusal : parent != null ? "nested" : "published");
        return p;
    }

    private void setDeadline(Publication p) {
        p.allowed = p.request.deadline();
        p.deadline = p.allowed == 0 ? Parts.NEVER : now + p.allowed;
        if (p.parent != null && p.parent.publication.deadline < p.deadline) {
            coverage.count("inherited deadline");
            p.deadline = p.parent.publication.deadline;
            p.allowed = Math.max(1, p.deadline - now);
        }
    }

    /** What is not wanted ends first; then there is room in flight for all that need it, or for none; then they start. */
    private void walk(Publication p) {
        boolean asksForRoom = p.parent == null;
        List<Delivery> needRoom = p.deliveries.stream()
                .filter(d -> Turns.early(d) == null && p.request.order() == Order.CONCURRENT)
                .filter(d -> !d.listener.options.isGated() && !d.listener.options.inline())
                .toList();
        boolean hasRoom = !asksForRoom || inFlight() < bounds.maxInFlight();
        needRoom.forEach(d -> d.permit = hasRoom);
        for (Delivery d : p.deliveries) {
            if (Turns.early(d) != null) {
                end(List.of(d), Turns::early);
            } else if (!hasRoom && needRoom.contains(d)) {
                endForLackOfRoom(d);
            }
        }
        if (p.deadline <= now) {
            timeOut(p);
        }
        if (p.request.order() == Order.CONCURRENT) {
            p.deliveries.forEach(d -> start(d, true, asksForRoom));
        } else {
            goOn(p, true, asksForRoom);
        }
        for (Delivery d : List.copyOf(p.noRoom)) {
            if (d.result == null && inFlight() < bounds.maxInFlight()) {
                ready(d);
            } else if (d.result == null) {
                endForLackOfRoom(d);
            }
        }
    }

    private int inFlight() {
        int count = 0;
        for (Delivery d : deliveries) {
            count += d.permit ? 1 : 0;
        }
        return count;
    }

    private void endForLackOfRoom(Delivery d) {
        end(List.of(d), any -> Turns.overflow(bounds.overflow()));
    }

    /** One by one: the next starts when the one before has its result, here as long as the publisher is at it. */
    private void goOn(Publication p, boolean here, boolean asksForRoom) {
        if (p.goingOn) {
            return;
        }
        p.goingOn = true;
        while (p.next < p.deliveries.size() && (p.next == 0 || p.deliveries.get(p.next - 1).arrived)) {
            Delivery before = p.next == 0 ? null : p.deliveries.get(p.next - 1);
            Delivery d = p.deliveries.get(p.next++);
            p.stopped |= p.request.order() == Order.UNTIL_FAILURE && before != null && isFailure(before);
            if (p.stopped && d.result == null) {
                end(List.of(d), any -> new Result("Skipped STOPPED", 0, 0));
            } else {
                start(d, here, asksForRoom);
            }
        }
        p.goingOn = false;
    }

    private static boolean isFailure(Delivery d) {
        return d.result != null && d.result.isFailure();
    }

    // ---- a listener's own bounds ----

    private void start(Delivery d, boolean here, boolean asksForRoom) {
        if (d.result != null || (d.listener.options.isGated() && !enter(d))) {
            return;
        }
        if (here && d.listener.options.inline()) {
            turn(d);
        } else if (d.permit || !asksForRoom || inFlight() < bounds.maxInFlight()) {
            ready(d);
        } else {
            d.place = Place.READY;
            d.publication.noRoom.add(d);
        }
    }

    private static void ready(Delivery d) {
        d.permit = true;
        d.place = Place.READY;
    }

    /** Whether it may go on at once; else it waits, or is sent away. */
    private boolean enter(Delivery d) {
        Options options = d.listener.options;
        d.takesSlot = !Turns.isInside(d, above -> true);
        d.takesKey = options.ordered() && !Turns.isInside(d, above -> Turns.isSameKey(above, d));
        List<Delivery> queue = d.listener.queue;
        if (Turns.mayEnter(d, deliveries)) {
            d.inside = true;
            coverage.count(d.takesSlot ? "entered" : "entered inside of itself");
            return true;
        }
        boolean isFull = queue.size() >= options.queue() && options.overflow() != Overflow.WAIT;
        if (isFull && (options.overflow() != Overflow.DROP_OLDEST || queue.isEmpty())) {
            coverage.count("sent away by " + options.overflow());
            end(List.of(d), any -> Turns.overflow(options.overflow()));
            return false;
        }
        queue.add(d);
        d.place = Place.QUEUED;
        if (isFull) {
            drop(queue.remove(0));
        }
        return false;
    }

    /** Who is dropped for a newer one is told so later, or by a quick thread at once. */
    private void drop(Delivery oldest) {
        coverage.count("dropped for a newer one");
        oldest.dropped = true;
        if (shown.stream().anyMatch(seen -> isOf(seen, oldest) && seen.detail().startsWith("Skipped DROPPED"))) {
            end(List.of(oldest), any -> Turns.overflow(Overflow.DROP_OLDEST));
        }
    }

    /** Gives back what it has; who can go on instead does. */
    private void release(Delivery d) {
        d.place = Place.ENDED;
        deliveries.remove(d);
        d.permit = false;
        d.inside = false;
        List<Delivery> queue = d.listener.queue;
        queue.remove(d);
        for (int i = 0; i < queue.size(); i++) {
            Delivery next = queue.get(i);
            if (Turns.mayEnter(next, deliveries)) {
                coverage.count("let in");
                queue.remove(i--);
                next.inside = true;
                ready(next);
            }
        }
    }

    // ---- attempts ----

    /** A thread has come to it. */
    void turn(Delivery d) {
        if (d.listener.closed || d.listener.paused) {
            end(List.of(d), any -> Turns.whyNot(d));
        } else if (d.listener.options.once() && d.attempts == 0 && d.listener.claimed) {
            coverage.count("once, lost");
            end(List.of(d), any -> new Result("Skipped UNSUBSCRIBED", 0, 0));
        } else {
            call(d);
        }
    }

    private void call(Delivery d) {
        d.listener.claimed |= d.listener.options.once();
        d.place = Place.RUNNING;
        d.attempts++;
        d.call = ++calls;
        d.start = now;
        d.firstStart = d.attempts == 1 ? now : d.firstStart;
        tell(Seen.Kind.START, d, "attempt " + d.attempts);
        Scenario.Plan plan = scenario.plan(d.call);
        plan.actions().forEach(action -> act(action, d));
        returned(d, plan.ending());
    }

    private void act(Scenario.Action action, Delivery d) {
        if (action instanceof Scenario.Publish publish) {
            if (Scenario.mayPublish(numbers)) {
                publish(publish.request(), d);
            }
        } else if (action instanceof Scenario.Subscribe subscribe) {
            if (Scenario.maySubscribe(listeners.size())) {
                subscribe(subscribe.options());
            }
        } else if (action instanceof Scenario.Close close) {
            close(listeners.get(close.listener() % listeners.size()));
        } else if (action instanceof Scenario.Pause pause) {
            pause(listeners.get(pause.listener() % listeners.size()));
        } else {
            cancel(d.publication.number);
        }
    }

    private void returned(Delivery d, Ending ending) {
        d.place = Place.AWAITED;
        if (d.result != null) {
            release(d);
        } else if (ending == Ending.PENDING) {
            d.permit = true;
        } else {
            completed(d, ending);
        }
    }

    /** A step has completed the stage of this call, which changes nothing where the call was given up. */
    void complete(int call, Ending ending) {
        for (Delivery d : List.copyOf(deliveries)) {
            if (d.call == call && d.place == Place.AWAITED) {
                completed(d, ending);
            }
        }
    }

    private void completed(Delivery d, Ending ending) {
        switch (ending) {
            case VALUE -> end(List.of(d), any -> ended(d, "Succeeded v" + d.call));
            case CANCELLED -> end(List.of(d), any -> ended(d, "Cancelled"));
            case FAILED_FINALLY -> end(List.of(d), any -> ended(d, "Failed final " + d.call));
            case NULL -> failed(d, "Failed IllegalStateException");
            default -> failed(d, "Failed boom " + d.call);
        }
    }

    private Result ended(Delivery d, String what) {
        return new Result(what, d.attempts, d.attempts == 0 ? 0 : now - d.firstStart);
    }

    void failed(Delivery d, String what) {
        Result result = ended(d, what);
        if (d.attempts >= d.listener.options.attempts() || d.listener.closed || d.listener.paused) {
            end(List.of(d), any -> result);
            return;
        }
        d.lastAttempt = result;
        d.place = Place.BACKING_OFF;
        d.permit = true;
        long delay = Math.min(Scenario.BACKOFF << (d.attempts - 1), Scenario.LONGEST_BACKOFF);
        d.due = now + delay;
        tell(Seen.Kind.RETRY, d, "attempt " + (d.attempts + 1) + " in " + delay + " after " + result);
    }

    // ---- results ----

    /** All have their results; then they occupy nothing any more, but for those that run; then the results count. */
    void end(List<Delivery> these, Function<Delivery, Result> how) {
        for (Delivery d : these) {
            d.result = how.apply(d);
            coverage.count(d.result.is("Skipped") || d.result.is("Rejected") ? d.result.what() : d.result.kind());
            tell(Seen.Kind.RESULT, d, d.result.toString());
        }
        these.stream().filter(d -> d.place != Place.RUNNING).forEach(this::release);
        these.forEach(this::arrive);
    }

    private void arrive(Delivery d) {
        Publication p = d.publication;
        Result result = Objects.requireNonNull(d.result);
        d.arrived = true;
        if (d.listener.options.attempts() > 0 && d.attempts > 0 && (result.is("Failed") || result.is("TimedOut"))) {
            tell(Seen.Kind.DEAD, d, "attempts " + d.attempts + ", " + result.cause());
            keep(new Letter(d, p.number, d.attempts, result.cause(), now));
        }
        if (p.retried != null && (d.attempts == 0 || result.is("Cancelled"))) {
            keep(p.retried);
        }
        if (result.isFailure() && !p.asked && !(p.cancelled && result.is("Cancelled"))) {
            unobserved.add(new Unobserved(d, now + Scenario.GRACE));
        }
        p.failure = p.failure == null && result.isFailure() ? result : p.failure;
        p.success = p.success == null && result.is("Succeeded") ? result : p.success;
        if (p.request.order() != Order.CONCURRENT && p.next > 0) {
            goOn(p, p.goingOn, false);
        }
    }

    private void keep(Letter letter) {
        letters.add(letter);
        if (letters.size() > bounds.deadLetters()) {
            letters.remove(0);
            lettersDropped++;
        }
    }

    /** Whether there was anything to cancel. */
    boolean cancel(int number) {
        Publication p = publications.stream()
                .filter(any -> any.number == number)
                .findFirst()
                .orElseThrow();
        return p.walked && cancel(p);
    }

    private boolean cancel(Publication p) {
        List<Delivery> open = unsettled(p);
        p.cancelled = true;
        open.forEach(d -> coverage.count("cancelled when " + d.place));
        end(open, d -> ended(d, "Cancelled"));
        return !open.isEmpty();
    }

    private static List<Delivery> unsettled(Publication p) {
        return p.deliveries.stream().filter(d -> d.result == null).toList();
    }

    void timeOut(Publication p) {
        coverage.count("deadline");
        end(unsettled(p), d -> ended(d, "TimedOut " + p.allowed));
    }

    // ---- dead letters ----

    boolean canRetry(Letter letter) {
        return !closed && letter.delivery().listener.isListed();
    }

    Publication retry(Letter letter) {
        letters.remove(letter);
        retried = letter;
        Request first = letter.delivery().publication.request;
        Request again = new Request(first.event(), first.key(), 0, Order.CONCURRENT, Ask.OUTCOME);
        return publish(letter.number(), again, null, List.of(letter.delivery().listener));
    }

    // ---- closing ----

    /** Cancels what is open and refuses what comes; returns how many deliveries that were. */
    int closeAll() {
        closed = true;
        int open = (int) deliveries.stream().filter(d -> d.result == null).count();
        publications.stream().filter(p -> !unsettled(p).isEmpty()).toList().forEach(this::cancel);
        return open;
    }

    private void tell(Seen.Kind kind, Delivery d, String detail) {
        coverage.count(kind.name());
        told.add(new Seen(kind, d.publication.number, d.listener.number, detail));
    }
}
