package dev.convoke.internal.dispatch;

import dev.convoke.internal.resolve.Registration;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets the deliveries of one listener in: so many at a time, and those of one key one after another. The others wait in
 * the order in which they came, as many as there is room for.
 *
 * <p>Thread-safe. Nothing of a user's runs under the lock; who is let in is returned, to be started without it.
 */
final class Gate {
    /*
     * Concurrency
     * -----------
     * Everything, the tickets' fields included, is guarded by the lock, but for what says so. A ticket that waits is in
     * `queue`, or in `line` while its publisher waits for room in the queue; and it is either among those that are `ready`,
     * when nothing but a slot is missing, or behind its lane's owner. So a lane's order is that of arrival whichever of the two it
     * waits in. All sets are ordered by arrival. A lane is there while it has an owner.
     * While an owner waits for a slot, the first behind it that needs none may pass it, and is ready, too: the owner may
     * wait for the very delivery around that one.
     */
    enum Place {
        /** It waits for its turn. */
        QUEUE,
        /** Its publisher waits for room in the queue. */
        LINE,
        /** It was let in. */
        INSIDE,
        /** It was sent away: refused, dropped in favour of another, or because it ended before its turn. */
        AWAY
    }

    /** A delivery at the gate. */
    static final class Ticket implements Comparable<Ticket> {
        private final Gate gate;
        private final long number;
        private final @Nullable Lane lane;

        /** Whether it needs a slot; one that was published inside of a holder of a slot does not. */
        private final boolean counts;

        private Place place = Place.AWAY;

        /** Its publisher's, where that waits for room; written on the publisher's thread before anybody else sees it. */
        private @Nullable Turn turn;

        /** Whose place it is: the delivery's current attempt. */
        private volatile Invocation holder;

        private Ticket(Gate gate, Invocation holder, long number, @Nullable Lane lane, boolean counts) {
            this.gate = gate;
            this.holder = holder;
            this.number = number;
            this.lane = lane;
            this.counts = counts;
        }

        Gate gate() {
            return gate;
        }

        Invocation holder() {
            return holder;
        }

        /** Another attempt takes the place over. */
        void passTo(Invocation next) {
            holder = next;
        }

        private void wakePublisher() {
            if (turn != null) {
                turn.admit();
            }
        }

        @Override
        public int compareTo(Ticket other) {
            return Long.compare(number, other.number);
        }
    }

    /** The deliveries of one key. */
    private static final class Lane {
        final @Nullable String key;
        final TreeSet<Ticket> behind = new TreeSet<>();

        /** Those behind that need no slot. */
        final TreeSet<Ticket> passers = new TreeSet<>();

        @Nullable Ticket owner;

        Lane(@Nullable String key) {
            this.key = key;
        }

        void addBehind(Ticket ticket) {
            behind.add(ticket);
            if (!ticket.counts) {
                passers.add(ticket);
            }
        }

        void removeBehind(Ticket ticket) {
            behind.remove(ticket);
            passers.remove(ticket);
        }
    }

    /** What came of a delivery that wants to be let in, and who had to leave for it. */
    record Entry(Ticket ticket, Place place, @Nullable Invocation dropped) {}

    private final boolean ordered;
    private final int concurrency;
    private final int capacity;
    private final Overflow overflow;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<@Nullable String, Lane> lanes = new HashMap<>();
    private final TreeSet<Ticket> queue = new TreeSet<>();
    private final TreeSet<Ticket> line = new TreeSet<>();
    private final TreeSet<Ticket> ready = new TreeSet<>();
    private final TreeSet<Ticket> readyWithoutSlot = new TreeSet<>();
    private int inside;
    private long tickets;

    Gate(ListenerOptions options) {
        this.ordered = options.isOrdered();
        this.concurrency = options.concurrency();
        this.capacity = options.queueCapacity();
        this.overflow = options.overflow();
    }

    /** The gate of a listener that has one; the same each time. */
    static Gate of(Registration registration) {
        return (Gate) registration.companion(() -> new Gate(registration.options()));
    }

    // ---- coming ----

    /**
     * Lets a delivery in, has it wait, or sends it away.
     *
     * @param around who does not get further before this has ended, perhaps; for what they have, this does not wait
     * @param mayWait whether a publisher can be kept waiting for it; a delivery of one that cannot passes the bound
     */
    Entry enter(Invocation invocation, Around around, boolean mayWait) {
        boolean holdsSlot = around.any(above -> above.isAt(this) && !above.hasEnded());
        boolean holdsLane = holdsSlot && ordered && around.any(above -> isInLaneOf(above, invocation));
        lock.lock();
        try {
            Lane lane = ordered && !holdsLane ? laneOf(invocation.key()) : null;
            Ticket ticket = new Ticket(this, invocation, ++tickets, lane, !holdsSlot);
            invocation.standAt(ticket);
            if (passes(ticket)) {
                letIn(ticket);
                return new Entry(ticket, ticket.place, null);
            }
            Invocation dropped = null;
            if (queue.size() < capacity || (overflow == Overflow.WAIT && !mayWait)) {
                await(ticket, Place.QUEUE);
            } else if (overflow == Overflow.WAIT) {
                await(ticket, Place.LINE);
            } else if (overflow == Overflow.DROP_OLDEST && !queue.isEmpty()) {
                dropped = dropOldest();
                await(ticket, Place.QUEUE);
            } else {
                return new Entry(ticket, Place.AWAY, null);
            }
            return new Entry(ticket, ticket.place, dropped);
        } finally {
            lock.unlock();
        }
    }

    private boolean isInLaneOf(Invocation above, Invocation invocation) {
        return above.isAt(this) && !above.hasEnded() && Objects.equals(above.key(), invocation.key());
    }

    /** The key's lane, which is not kept until it has an owner. */
    private Lane laneOf(@Nullable String key) {
        Lane known = lanes.get(key);
        return known == null ? new Lane(key) : known;
    }

    /** One that needs no slot also overtakes who waits for one: that one may wait for the delivery around it. */
    private boolean passes(Ticket ticket) {
        Ticket owner = ticket.lane == null ? null : ticket.lane.owner;
        boolean laneIsFree = owner == null || (!ticket.counts && owner.place != Place.INSIDE);
        return laneIsFree && hasSlotFor(ticket);
    }

    private boolean hasSlotFor(Ticket ticket) {
        return !ticket.counts || inside < concurrency;
    }

    private void letIn(Ticket ticket) {
        if (ticket.lane != null) {
            keepOut(ticket.lane, ticket);
        }
        own(ticket);
        inside += ticket.counts ? 1 : 0;
        ticket.place = Place.INSIDE;
    }

    /** The others of the lane wait for this one. */
    private void keepOut(Lane lane, Ticket ticket) {
        Ticket owner = lane.owner;
        if (owner != null && !owner.equals(ticket)) {
            ready.remove(owner);
            readyWithoutSlot.remove(owner);
            lane.addBehind(owner);
        }
        readyWithoutSlot.removeAll(lane.passers);
        lane.removeBehind(ticket);
    }

    private void own(Ticket ticket) {
        if (ticket.lane != null) {
            ticket.lane.owner = ticket;
            lanes.put(ticket.lane.key, ticket.lane);
        }
    }

    private void await(Ticket ticket, Place place) {
        ticket.place = place;
        if (place == Place.LINE) {
            ticket.turn = new Turn();
            line.add(ticket);
        } else {
            queue.add(ticket);
        }
        if (ticket.lane == null || ticket.lane.owner == null) {
            own(ticket);
            awaitSlot(ticket);
        } else {
            ticket.lane.addBehind(ticket);
        }
    }

    private void awaitSlot(Ticket ticket) {
        (ticket.counts ? ready : readyWithoutSlot).add(ticket);
    }

    private Invocation dropOldest() {
        Ticket oldest = queue.first();
        remove(oldest);
        return oldest.holder();
    }

    // ---- waiting ----

    /** Waits for room in the queue; says whether there was, or the delivery ended meanwhile. */
    static boolean awaitRoom(Ticket ticket, Deadlines deadlines, long until) {
        Turn turn = Objects.requireNonNull(ticket.turn);
        turn.await(deadlines, until, () -> false);
        return turn.isAdmitted();
    }

    // ---- going ----

    /** A delivery does not need its place any more, inside or waiting; returns who is let in instead. Harmless twice. */
    List<Invocation> leave(Ticket ticket) {
        lock.lock();
        try {
            if (ticket.place == Place.AWAY) {
                return List.of();
            }
            inside -= ticket.place == Place.INSIDE && ticket.counts ? 1 : 0;
            remove(ticket);
            return letInNext();
        } finally {
            lock.unlock();
        }
    }

    private void remove(Ticket ticket) {
        ticket.place = Place.AWAY;
        leaveQueue(ticket);
        Lane lane = ticket.lane;
        if (lane == null) {
            return;
        }
        if (ticket.equals(lane.owner)) {
            lane.owner = null;
            lanes.remove(lane.key);
            passOn(lane);
        } else {
            lane.removeBehind(ticket);
        }
        letPass(lane);
    }

    private void passOn(Lane lane) {
        if (!lane.behind.isEmpty()) {
            Ticket next = lane.behind.first();
            lane.removeBehind(next);
            own(next);
            awaitSlot(next);
        }
    }

    private void letPass(Lane lane) {
        if (lane.owner != null && lane.owner.place != Place.INSIDE && !lane.passers.isEmpty()) {
            readyWithoutSlot.add(lane.passers.first());
        }
    }

    private void leaveQueue(Ticket ticket) {
        queue.remove(ticket);
        line.remove(ticket);
        ready.remove(ticket);
        readyWithoutSlot.remove(ticket);
        ticket.wakePublisher();
    }

    private List<Invocation> letInNext() {
        List<Invocation> started = new ArrayList<>();
        for (Ticket next = nextReady(); next != null; next = nextReady()) {
            leaveQueue(next);
            letIn(next);
            started.add(next.holder());
        }
        while (!line.isEmpty() && queue.size() < capacity) {
            Ticket first = line.first();
            line.remove(first);
            first.place = Place.QUEUE;
            queue.add(first);
            first.wakePublisher();
        }
        return started;
    }

    private @Nullable Ticket nextReady() {
        if (!ready.isEmpty() && inside < concurrency) {
            return ready.first();
        }
        return readyWithoutSlot.isEmpty() ? null : readyWithoutSlot.first();
    }

    /** How many deliveries it keeps outside: in the queue, or in the line for it. */
    int waiting() {
        lock.lock();
        try {
            return queue.size() + line.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many deliveries inside take a slot. */
    int inside() {
        lock.lock();
        try {
            return inside;
        } finally {
            lock.unlock();
        }
    }

    /** How many keys have work. */
    int lanes() {
        lock.lock();
        try {
            return lanes.size();
        } finally {
            lock.unlock();
        }
    }
}
