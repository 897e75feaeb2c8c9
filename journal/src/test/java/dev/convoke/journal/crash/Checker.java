package dev.convoke.journal.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Compares what processes wrote down before and after they published with the effects that there are. It uses nothing of the
 * journal's.
 */
final class Checker {
    /** Deliveries of one listener that run at a time, which bounds how many may be made twice when a process is killed. */
    static final int MAX_RUNNING = 20;

    private final Set<String> published = new HashSet<>();
    private final Set<String> accepted = new HashSet<>();
    private final Set<String> rolledBack = new HashSet<>();
    private final Set<String> rejected = new HashSet<>();
    private final Set<String> business;
    private final Map<String, List<String>> effects = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    private Checker(Store store, Path directory) throws IOException, SQLException {
        for (String line : Lines.of(directory.resolve("log"))) {
            String[] words = line.split(" ", 3);
            Set<String> kind = switch (words[0]) {
                case "published" -> published;
                case "accepted" -> accepted;
                case "rolled-back" -> rolledBack;
                case "rejected" -> rejected;
                default -> new HashSet<>();
            };
            kind.add(words[1]);
        }
        business = new HashSet<>(column(store, "SELECT event FROM business"));
        for (String listener : List.of(CrashingProcess.TRANSACTIONAL, CrashingProcess.ORDERED)) {
            effects.put(
                    listener,
                    column(store, "SELECT event FROM effect WHERE listener = '" + listener + "' ORDER BY place"));
        }
        effects.put(CrashingProcess.PLAIN, plainEffects(directory));
    }

    private static List<String> plainEffects(Path directory) throws IOException {
        return Lines.of(directory.resolve("effects")).stream()
                .map(key -> key.split("/", -1)[2]) // source, event, listener; the source begins with one
                .toList();
    }

    private static List<String> column(Store store, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = store.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    /** What was found: faults, none where all promises were kept, and numbers that show that there was something to find. */
    record Report(
            int accepted, int rolledBack, int rejected, int unsure, Map<String, Integer> twice, List<String> faults) {}

    /** Checks everything after so many kills. */
    static Report check(Store store, Path directory, int kills) throws IOException, SQLException {
        Checker checker = new Checker(store, directory);
        Map<String, Integer> twice = new TreeMap<>();
        checker.effects.forEach((listener, events) -> {
            checker.checkLossAndInvention(listener, events);
            twice.put(listener, events.size() - Set.copyOf(events).size());
        });
        checker.checkOnce(twice);
        checker.checkOrder();
        int allowed = kills * MAX_RUNNING;
        checker.require(
                "duplicates of plain listeners: " + twice + ", allowed " + allowed,
                twice.get(CrashingProcess.PLAIN) <= allowed);
        int sure = checker.accepted.size() + checker.rolledBack.size() + checker.rejected.size();
        return new Report(
                checker.accepted.size(),
                checker.rolledBack.size(),
                checker.rejected.size(),
                checker.published.size() - sure,
                twice,
                checker.faults);
    }

    private void checkLossAndInvention(String listener, List<String> events) {
        Set<String> handled = Set.copyOf(events);
        none("accepted and lost by " + listener, accepted.stream().filter(id -> !handled.contains(id)));
        none(
                "committed by the publisher and lost by " + listener,
                business.stream().filter(id -> !handled.contains(id)));
        none("handled by " + listener + " and never published", handled.stream().filter(id -> !published.contains(id)));
        none("rolled back and handled by " + listener, handled.stream().filter(rolledBack::contains));
        none("REJECTED and handled by " + listener, handled.stream().filter(rejected::contains));
        Predicate<String> isWithin = id -> Integer.parseInt(id.substring(id.lastIndexOf('-') + 1)) % 5 < 2;
        none(
                "published within a transaction that is not there, and handled by " + listener,
                handled.stream().filter(isWithin).filter(id -> !business.contains(id)));
    }

    private void checkOnce(Map<String, Integer> twice) {
        require("transactional effects twice: " + twice, twice.get(CrashingProcess.TRANSACTIONAL) == 0);
        require("ordered transactional effects twice: " + twice, twice.get(CrashingProcess.ORDERED) == 0);
    }

    /** Each publisher has a key of its own and waits for one event before it publishes the next. */
    private void checkOrder() {
        Map<String, String> last = new HashMap<>();
        for (String id : effects.get(CrashingProcess.ORDERED)) {
            String key = id.substring(0, id.lastIndexOf('-'));
            String before = last.put(key, id);
            require("out of order: " + before + " before " + id, before == null || before.compareTo(id) < 0);
        }
    }

    private void none(String fault, Stream<String> events) {
        List<String> found = events.sorted().toList();
        require(fault + ": " + found.size() + ", as " + found.stream().limit(5).toList(), found.isEmpty());
    }

    private void require(String fault, boolean holds) {
        if (!holds) {
            faults.add(fault);
        }
    }
}
