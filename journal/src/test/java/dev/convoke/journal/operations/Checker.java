package dev.convoke.journal.operations;

import dev.convoke.journal.DeadDelivery;
import dev.convoke.journal.DeadReason;
import dev.convoke.journal.operations.History.Publication;
import dev.convoke.journal.operations.History.Run;
import java.util.HashMap;
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

    /** What is in the database in the end. */
    record Remains(Set<String> business, List<Tables.Effect> effects, List<DeadDelivery> dead) {}

    Checker(History history, Remains remains, FaultWindows windows, Findings findings) {
        this.history = history;
        this.remains = remains;
        this.windows = windows;
        this.findings = findings;
        this.origin = history.origin();
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
        Map<String, Boolean> ended = new HashMap<>();
        history.of(expectation.listener())
                .forEach(run -> ended.merge(run.event(), run.how() == History.End.WELL, Boolean::logicalOr));
        Set<String> effects = effectsOf(expectation).keySet();
        Set<String> dead = deadAt(expectation);
        for (Publication publication : history.publications().values()) {
            String event = publication.event();
            boolean began = ended.containsKey(event) || dead.contains(event);
            boolean isDone = expectation.isTransactional() ? effects.contains(event) : ended.getOrDefault(event, false);
            if (isKept(publication) && expectation.wants().test(publication) && !isDone && !dead.contains(event)) {
                findings.add("D3: accepted, and neither done nor dead" + at, describe(publication));
            }
            if (publication.isRejected() && began) {
                findings.add("D1, D2: rejected or rolled back, and delivered" + at, describe(publication));
            }
            if (publication.how().isWithin() && began && !remains.business().contains(event)) {
                findings.add("D2: delivered without the row that was written with it" + at, describe(publication));
            }
            if (isDone && dead.contains(event)) {
                findings.add("D3: done, and dead" + at, describe(publication));
            }
        }
        effects.stream()
                .filter(event -> !history.publications().containsKey(event))
                .forEach(event -> findings.add("D3: invented" + at, event));
    }

    /** Whether it has to be delivered. What was answered with nothing but is there for one listener is not asked for at the others. */
    private boolean isKept(Publication publication) {
        return publication.isAccepted()
                || publication.how().isWithin() && remains.business().contains(publication.event());
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
                                        runsOf(delivery).stream().map(run -> run.describe(origin)).toList()));
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
