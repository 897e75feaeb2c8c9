package dev.convoke.model;

import dev.convoke.listener.Overflow;
import dev.convoke.model.Parts.Delivery;
import dev.convoke.model.Parts.Listener;
import dev.convoke.model.Parts.Result;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says who may go on at a listener, and what becomes of those who may not start. */
final class Turns {
    private Turns() {}

    /** Whether it is published inside of a delivery that has its turn at the same listener. */
    static boolean isInside(Delivery d, Predicate<Delivery> such) {
        for (Delivery a = d.publication.parent; a != null; a = a.publication.parent) {
            if (a.listener == d.listener && a.inside && such.test(a)) {
                return true;
            }
        }
        return false;
    }

    static boolean isSameKey(Delivery one, Delivery other) {
        return Objects.equals(one.publication.request.key(), other.publication.request.key());
    }

    /** Nobody of its key has its turn; and, where it takes a slot, one is free and nobody of its key was there before. */
    static boolean mayEnter(Delivery d, List<Delivery> deliveries) {
        List<Delivery> there = inside(deliveries, d.listener, other -> true);
        if (there.stream().anyMatch(other -> isBehind(d, other))) {
            return false;
        }
        int place = d.listener.queue.indexOf(d);
        List<Delivery> before = place < 0 ? d.listener.queue : d.listener.queue.subList(0, place);
        return !d.takesSlot
                || (inside(deliveries, d.listener, other -> other.takesSlot).size() < d.listener.options.concurrency()
                        && before.stream().noneMatch(other -> isBehind(d, other)));
    }

    private static boolean isBehind(Delivery d, Delivery other) {
        return d.takesKey && other.takesKey && isSameKey(d, other);
    }

    private static List<Delivery> inside(List<Delivery> deliveries, Listener listener, Predicate<Delivery> such) {
        return deliveries.stream()
                .filter(d -> d.listener == listener && d.inside && such.test(d))
                .toList();
    }

    static @Nullable Result early(Delivery d) {
        Scenario.Filter filter = d.listener.options.filter();
        return d.listener.paused
                ? new Result("Skipped PAUSED", 0, 0)
                : filter.fails(d.publication.number)
                        ? new Result("Failed filter", 0, 0)
                        : filter.wants(d.publication.number) ? null : new Result("Skipped FILTERED", 0, 0);
    }

    /** Why a delivery of a listener that is not open does not go on. */
    static Result whyNot(Delivery d) {
        return d.lastAttempt != null
                ? d.lastAttempt
                : new Result(d.listener.closed ? "Skipped UNSUBSCRIBED" : "Skipped PAUSED", 0, 0);
    }

    static Result overflow(Overflow policy) {
        return new Result(policy == Overflow.REJECT ? "Rejected OVERLOADED" : "Skipped DROPPED", 0, 0);
    }
}
