package dev.convoke.model;

import dev.convoke.listener.Overflow;
import dev.convoke.model.Parts.Delivery;
import dev.convoke.model.Parts.Place;
import java.util.List;

/** What a task of the executor's may do, whichever the executor picks. */
final class Picked {
    private final ContractModel model;

    Picked(ContractModel model) {
        this.model = model;
    }

    /** A task has run in which this was shown; the first of it tells which delivery's it was. */
    void task() {
        if (model.shown.isEmpty()) {
            return;
        }
        Seen first = model.shown.get(0);
        Delivery d = latest(first);
        boolean isTimeOut = first.kind() == Seen.Kind.RETRY || first.detail().startsWith("TimedOut");
        if (first.kind() == Seen.Kind.RESULT && d.dropped && first.detail().startsWith("Skipped DROPPED")) {
            model.end(List.of(d), any -> Turns.overflow(Overflow.DROP_OLDEST));
        } else if (isTimeOut) {
            timeOut(first, d);
        } else if (mayStart(d)) {
            model.turn(d);
        } else {
            throw new AssertionError("nothing was to come of a delivery that is " + d.place + ": " + first);
        }
    }

    private Delivery latest(Seen seen) {
        return model.deliveries.stream()
                .filter(d -> ContractModel.isOf(seen, d))
                .reduce((a, b) -> b)
                .orElseThrow(() -> new AssertionError("nothing was to come of a delivery that has ended: " + seen));
    }

    private boolean mayStart(Delivery d) {
        return d.result == null
                && !d.dropped
                && (d.place == Place.READY || (d.place == Place.BACKING_OFF && d.due <= model.now));
    }

    private void timeOut(Seen first, Delivery d) {
        long after = d.listener.options.timeout();
        boolean alone = model.shown.stream()
                        .filter(s -> s.detail().startsWith("TimedOut"))
                        .count()
                == 1;
        boolean isItsOwn = isOverdue(d)
                && (first.kind() == Seen.Kind.RETRY || (alone && first.detail().startsWith("TimedOut " + after + " ")));
        if (isItsOwn) {
            model.coverage.count("time-out");
            model.failed(d, "TimedOut " + after);
        } else if (d.publication.deadline <= model.now) {
            model.timeOut(d.publication);
        } else {
            throw new AssertionError("no time was over: " + first);
        }
    }

    private boolean isOverdue(Delivery d) {
        long timeout = d.listener.options.timeout();
        return d.place == Place.AWAITED && timeout > 0 && d.start + timeout <= model.now;
    }

    /** What had to have happened when no task is left. */
    List<String> overdue() {
        return model.deliveries.stream()
                .filter(d -> d.result == null)
                .filter(d -> mayStart(d) || d.dropped || isOverdue(d) || d.publication.deadline <= model.now)
                .map(d -> "publication " + d.publication.number + " at listener " + d.listener.number + " is still "
                        + d.place)
                .toList();
    }
}
