package dev.convoke.journal.operations;

import dev.convoke.journal.DeadDelivery;
import dev.convoke.journal.DeadReason;
import dev.convoke.journal.operations.History.Publication;
import dev.convoke.journal.operations.History.Run;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares what processes wrote down, what there is in the end, and what was done to them. It knows nothing of how a journal works.
 * Confined to one thread.
 */
final class Checker {
    private final History history;
    private final Remains remains;
    private final FaultWindows windows;
    private final Findings findings;
    private final long origin;

    /** Events that some listener has begun with. */
    private final Set<String> begun;

    /** What is in the database in the end. */
    record Remains(Set<String> business, List<Tables.Effect> effects, List<DeadDelivery> dead) {}

    Checker(History history, Remains remains, FaultWindows windows, Findings findings) {
        this.history = history;
        this.remains = remains;
        this.windows = windows;
        this.findings = findings;
        this.origin = history.origin();
        this.begun = history.runs().values().stream()
                .flatMap(List::stream)
                .map(Run::event)
                .collect(Collectors.toSet());
    }

    /** Checks everything. */
    void check(List<Expectation> expectations) {
        checkAnswers();
        for (Expectation expectation : expectations) {
            checkEnds(expectation);
            new RepeatCheck(history, windows, findings).check(expectation);
            if (expectation.isTransactional()) {
                checkEffects(expectation);
            }
            if (expectation.isOrdered()) {
                new OrderCheck(history, windows, findings).check(expectation, effectsOf(expectation));
            }
        }
        checkDead(expectations);
    }

    private void checkAnswers() {
        for (Publication publication : history.publications().values()) {
            if (publication.answers().contains(Answer.HUNG)) {
                findings.add("D1: accepted() hangs", describe(publication));
            }
            boolean hasRow = remains.business().contains(publication.event());
            if (publication.how().isWithin() && publication.isAccepted() && !hasRow) {
                findings.add("the instrument: committed, and the row is not there", describe(publication));
            }
        }
    }

    // ---- lost, invented, or half ----

    private void checkEnds(Expectation expectation) {
        String at = " (" + expectation.listener() + ")";
        Ends ends = ends(expectation);
        lost(expectation, ends)
                .forEach(
                        publication -> findings.add("D3: kept, and neither done nor dead" + at, describe(publication)));
        for (Publication publication : history.publications().values()) {
            String event = publication.event();
            boolean isDelivered = ends.began().contains(event);
            if (publication.isRejected() && isDelivered) {
                findings.add("D1, D2: rejected or rolled back, and delivered" + at, describe(publication));
            }
            if (publication.how().isWithin()
                    && isDelivered
                    && !remains.business().contains(event)) {
                findings.add("D2: delivered without the row that was written with it" + at, describe(publication));
            }
            if (ends.done().contains(event) && ends.dead().contains(event)) {
                findings.add("D3: done, and dead" + at, describe(publication));
            }
        }
        ends.began().stream()
                .filter(event -> !history.publications().containsKey(event))
                .forEach(event -> findings.add("D3: invented" + at, event));
    }

    /** What became of events at a listener. */
    private record Ends(Set<String> began, Set<String> done, Set<String> dead) {}

    private Ends ends(Expectation expectation) {
        Set<String> dead = deadAt(expectation);
        Set<String> began = new HashSet<>(dead);
        Set<String> done = new HashSet<>();
        for (Run run : history.of(expectation.listener())) {
            began.add(run.event());
            if (run.how() == History.End.WELL) {
                done.add(run.event());
            }
        }
        return new Ends(
                began, expectation.isTransactional() ? effectsOf(expectation).keySet() : done, dead);
    }

    private List<Publication> lost(Expectation expectation, Ends ends) {
        return history.publications().values().stream()
                .filter(publication ->
                        isKept(publication) && expectation.wants().test(publication))
                .filter(publication -> !ends.done().contains(publication.event())
                        && !ends.dead().contains(publication.event()))
                .toList();
    }

    /** What is to be done yet, where it is not lost. */
    List<String> unfinished(List<Expectation> expectations) {
        return expectations.stream()
                .flatMap(expectation -> lost(expectation, ends(expectation)).stream()
                        .map(publication -> describe(publication) + " at " + expectation.listener()))
                .toList();
    }

    /** Whether it has to be delivered: also where nobody was told, but a listener has it. */
    private boolean isKept(Publication publication) {
        return publication.isAccepted()
                || (publication.how().isWithin() && remains.business().contains(publication.event()))
                || begun.contains(publication.event());
    }

    private Set<String> deadAt(Expectation expectation) {
        return remains.dead().stream()
                .filter(delivery -> expectation.isOf(delivery.listener()))
                .map(DeadDelivery::eventId)
                .collect(Collectors.toSet());
    }

    // ---- effects ----

    /** The first place of each event's effect. */
    private Map<String, Long> effectsOf(Expectation expectation) {
        return remains.effects().stream()
                .filter(effect -> effect.listener().equals(expectation.listener()))
                .collect(Collectors.toMap(Tables.Effect::event, Tables.Effect::place, Math::min));
    }

    private void checkEffects(Expectation expectation) {
        Map<String, List<Tables.Effect>> byEvent = new TreeMap<>(remains.effects().stream()
                .filter(effect -> effect.listener().equals(expectation.listener()))
                .collect(Collectors.groupingBy(Tables.Effect::event)));
        byEvent.values().stream()
                .filter(effects -> effects.size() > 1)
                .forEach(effects -> findings.add(
                        "D4: effects of a transactional listener more than once (" + expectation.listener() + ")",
                        effects.toString()));
    }

    // ---- dead ----

    private void checkDead(List<Expectation> expectations) {
        for (DeadDelivery delivery : remains.dead()) {
            boolean isExpected = expectations.stream()
                    .anyMatch(expectation -> expectation.isOf(delivery.listener())
                            && expectation.isDead().test(delivery.eventId()));
            boolean isCrashed = delivery.reason() == DeadReason.CRASHED;
            if (isCrashed ? hits(delivery) < 5 : !isExpected || delivery.reason() != DeadReason.FAILED) {
                findings.add(
                        "D6, D7: dead without a reason (" + delivery.listener() + ")",
                        "%s %s after %d attempts and %d crashes, %d times hit, %s; runs: %s"
                                .formatted(
                                        delivery.eventId(),
                                        delivery.reason(),
                                        delivery.attempts(),
                                        delivery.crashes(),
                                        hits(delivery),
                                        delivery.error().orElse("no error"),
                                        runsOf(delivery).stream()
                                                .map(run -> run.describe(origin))
                                                .toList()));
            }
        }
    }

    private List<Run> runsOf(DeadDelivery delivery) {
        return history.of(delivery.listener()).stream()
                .filter(run -> run.event().equals(delivery.eventId()))
                .toList();
    }

    /** How often its process was hit while it ran. */
    private long hits(DeadDelivery delivery) {
        return runsOf(delivery).stream()
                .filter(run -> windows.thatHit(run).isPresent())
                .count();
    }

    private String describe(Publication publication) {
        return "%s key %s %s begun %.3f, accepted %s, told %s"
                .formatted(
                        publication.event(),
                        publication.key(),
                        publication.how(),
                        (publication.begun() - origin) / 1e9,
                        publication.isAccepted() ? "%.3f".formatted((publication.accepted() - origin) / 1e9) : "never",
                        publication.answers());
    }
}
