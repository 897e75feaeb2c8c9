package dev.convoke.internal.dispatch;

import dev.convoke.internal.dispatch.Gate.Place;
import dev.convoke.listener.Overflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a gate is to do, said with one list of everybody in order of arrival that is looked through each time. */
final class GateModel {
    /** A delivery. */
    static final class Guest {
        final int number;
        final @Nullable String key;

        /** Whose listeners it was published in, the innermost first. */
        final List<Guest> around;

        /** Whether nobody around it has a slot. */
        boolean counts;

        /** Whether it has to be the only one of its key. */
        boolean isInLane;

        Place place = Place.AWAY;

        Guest(int number, @Nullable String key, List<Guest> around) {
            this.number = number;
            this.key = key;
            this.around = around;
        }
    }

    private final boolean ordered;
    private final int concurrency;
    private final int capacity;
    private final Overflow overflow;
    private final List<Guest> guests = new ArrayList<>();

    GateModel(boolean ordered, int concurrency, int capacity, Overflow overflow) {
        this.ordered = ordered;
        this.concurrency = concurrency;
        this.capacity = capacity;
        this.overflow = overflow;
    }

    private Stream<Guest> in(Place place) {
        return guests.stream().filter(guest -> guest.place == place);
    }

    List<Guest> all(Place place) {
        return in(place).toList();
    }

    long inside() {
        return in(Place.INSIDE).filter(guest -> guest.counts).count();
    }

    long waiting() {
        return in(Place.QUEUE).count() + in(Place.LINE).count();
    }

    long lanes() {
        return guests.stream()
                .filter(guest -> guest.isInLane)
                .map(guest -> String.valueOf(guest.key))
                .distinct()
                .count();
    }

    /** Returns who had to leave for it. */
    Optional<Guest> enter(Guest guest, boolean mayWait) {
        List<Guest> holders =
                guest.around.stream().filter(g -> g.place == Place.INSIDE).toList();
        guest.counts = holders.isEmpty();
        guest.isInLane = ordered && holders.stream().noneMatch(g -> Objects.equals(g.key, guest.key));
        guests.add(guest);
        guest.place = mayEnter(guest) ? Place.INSIDE : placeOutside(mayWait);
        if (guest.place != Place.AWAY) {
            return Optional.empty();
        }
        Optional<Guest> oldest =
                overflow == Overflow.DROP_OLDEST ? in(Place.QUEUE).findFirst() : Optional.empty();
        oldest.ifPresent(dropped -> {
            leaveAlone(dropped);
            guest.place = Place.QUEUE;
        });
        if (guest.place == Place.AWAY) {
            guests.remove(guest);
        }
        return oldest;
    }

    private Place placeOutside(boolean mayWait) {
        if (in(Place.QUEUE).count() < capacity || (overflow == Overflow.WAIT && !mayWait)) {
            return Place.QUEUE;
        }
        return overflow == Overflow.WAIT ? Place.LINE : Place.AWAY;
    }

    /** One that needs no slot may pass those of its key that wait for one, but nobody who is inside. */
    private boolean mayEnter(Guest guest) {
        boolean laneIsFree = !guest.isInLane
                || guests.stream()
                        .filter(g -> g.isInLane && Objects.equals(g.key, guest.key) && g.number < guest.number)
                        .noneMatch(g -> g.place == Place.INSIDE || guest.counts || !g.counts);
        boolean nobodyInside =
                !guest.isInLane || in(Place.INSIDE).noneMatch(g -> g.isInLane && Objects.equals(g.key, guest.key));
        return laneIsFree && nobodyInside && (!guest.counts || inside() < concurrency);
    }

    private void leaveAlone(Guest guest) {
        guest.place = Place.AWAY;
        guests.remove(guest);
    }

    /** Returns who is let in instead, in that order. */
    List<Guest> leave(Guest guest) {
        leaveAlone(guest);
        return letIn();
    }

    /** Those that wait for a slot have it before another passes them. */
    List<Guest> letIn() {
        List<Guest> started = new ArrayList<>();
        for (Optional<Guest> next = next(); next.isPresent(); next = next()) {
            next.get().place = Place.INSIDE;
            started.add(next.get());
        }
        while (in(Place.LINE).findAny().isPresent() && in(Place.QUEUE).count() < capacity) {
            in(Place.LINE).findFirst().orElseThrow().place = Place.QUEUE;
        }
        return started;
    }

    private Optional<Guest> next() {
        List<Guest> may = guests.stream()
                .filter(g -> g.place == Place.QUEUE || g.place == Place.LINE)
                .filter(this::mayEnter)
                .toList();
        return may.stream()
                .filter(g -> g.counts)
                .findFirst()
                .or(() -> may.stream().findFirst());
    }
}
