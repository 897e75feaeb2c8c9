package dev.convoke.benchmarks.journal;

import dev.convoke.benchmarks.journal.subject.Subjects;
import java.util.List;

/**
 * What a run measures, as its command says.
 *
 * @param rows the beginnings of scenarios' ids; none for all
 * @param servers as {@code Servers} knows them; none for the usual ones
 * @param seconds how long each is measured, once it is warm
 * @param events how large backlogs are; 0 for what the scenario has
 */
record JournalChoice(
        List<String> rows, List<String> subjects, List<String> servers, int rounds, int seconds, int events) {
    static final JournalChoice USUAL = new JournalChoice(List.of(), Subjects.ALL, List.of(), 1, 5, 0);

    /** @throws IllegalArgumentException if it is not understood */
    static JournalChoice of(List<String> words) {
        JournalChoice choice = USUAL;
        for (String word : words) {
            choice = choice.with(word.split("=", 2));
        }
        return choice;
    }

    private JournalChoice with(String... option) {
        if (option.length < 2) {
            throw new IllegalArgumentException("not an option with a value: " + option[0]);
        }
        String value = option[1];
        return switch (option[0]) {
            case "--rows" -> new JournalChoice(list(value), subjects, servers, rounds, seconds, events);
            case "--subjects" -> new JournalChoice(rows, known(list(value)), servers, rounds, seconds, events);
            case "--server" -> new JournalChoice(rows, subjects, list(value), rounds, seconds, events);
            case "--rounds" -> new JournalChoice(rows, subjects, servers, Integer.parseInt(value), seconds, events);
            case "--seconds" -> new JournalChoice(rows, subjects, servers, rounds, Integer.parseInt(value), events);
            case "--events" -> new JournalChoice(rows, subjects, servers, rounds, seconds, Integer.parseInt(value));
            default -> throw new IllegalArgumentException("no such option: " + option[0]);
        };
    }

    private static List<String> list(String value) {
        return List.of(value.split(","));
    }

    private static List<String> known(List<String> subjects) {
        for (String subject : subjects) {
            if (!Subjects.ALL.contains(subject)) {
                throw new IllegalArgumentException("no such subject: " + subject + " " + Subjects.ALL);
            }
        }
        return subjects;
    }

    boolean wants(JournalScenario scenario) {
        return rows.isEmpty() || rows.stream().anyMatch(scenario.id()::startsWith);
    }
}
