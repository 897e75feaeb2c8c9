package dev.convoke.journal.operations;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A kind of fault, and how long one lasts. */
enum Fault {
    /** SIGKILL; the process is started again after this time. */
    KILL(100, 5_000),
    /** SIGTERM, an orderly end and a start. */
    ROLL(50, 500),
    /** SIGSTOP, for longer than a process may be silent. */
    FREEZE(4_000, 6_000),
    /** SIGSTOP, for less than that. */
    FREEZE_BRIEFLY(200, 2_000),
    /** Some connections are ended by the server. */
    TERMINATE(0, 1),
    /** The server crashes and comes back. */
    CRASH(0, 1),
    /** The server's clock is set. */
    CLOCK(0, 1),
    /** All connections of a process are closed at once, and again some times. */
    CUT(100, 2_000),
    /** What a process and its server send each other is lost. */
    HALF_OPEN(1_000, 8_000),
    /** What the server replies is lost. */
    NO_REPLIES(500, 4_000),
    /** The replies to commits are lost. */
    NO_REPLIES_TO_COMMITS(500, 3_000),
    /** Nothing comes through for a time. */
    STILL(500, 6_000),
    /** All takes longer. */
    DELAY(1_000, 5_000),
    /** Somebody else keeps SQLite's file for himself. */
    LOCK(1_000, 5_000);

    private static final long FIRST_AT_MILLIS = 1_500;

    private final int shortestMillis;
    private final int longestMillis;

    Fault(int shortestMillis, int longestMillis) {
        this.shortestMillis = shortestMillis;
        this.longestMillis = longestMillis;
    }

    /**
     * A fault that is to come.
     *
     * @param atMillis from the beginning
     * @param pod which process, where it is one
     * @param size something else that the fault wants to be drawn
     */
    record Planned(Fault fault, long atMillis, int pod, long millis, int size) {}

    /** Draws faults for so long. All kinds come before one comes again. */
    static List<Planned> plan(Set<Fault> kinds, int pods, long millis, Random random) {
        List<Planned> plan = new ArrayList<>();
        List<Fault> deck = new ArrayList<>();
        int gap = millis < 60_000 ? 1_500 : 3_500; // the short run is to see most of them
        for (long at = FIRST_AT_MILLIS; at < millis; at += gap / 3 + random.nextInt(gap)) {
            if (deck.isEmpty()) {
                deck.addAll(kinds);
                Collections.shuffle(deck, random);
            }
            plan.add(deck.remove(0).draw(at, pods, random));
        }
        return plan;
    }

    private Planned draw(long at, int pods, Random random) {
        long millis = (long) shortestMillis + random.nextInt(longestMillis - shortestMillis);
        return new Planned(this, at, random.nextInt(pods), millis, random.nextInt(1_000));
    }
}
