package dev.convoke.journal.internal.guard;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells SQL that would end a transaction. It looks at the first word of each statement, up to one that may have others inside of it, as a
 * trigger: what gets past it is noticed at the end.
 *
 * <p>Thread-safe: it has no state.
 */
final class TransactionSql {
    private static final Set<String> ENDING = Set.of(
            "COMMIT", "END", "ABORT", "BEGIN", "START", "ROLLBACK TRANSACTION", "ROLLBACK", "PREPARE TRANSACTION");

    /** Those in which a semicolon does not end a statement. */
    private static final Set<String> NESTING = Set.of("CREATE", "DO");

    /** What is passed over: comments, quoted texts and names, and the rest of a statement. */
    private static final Pattern TOKEN = Pattern.compile(
            "--[^\\n]*|/\\*.*?\\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\\$(\\w*)\\$.*?\\$\\1\\$|;|(\\w+)",
            Pattern.DOTALL);

    private TransactionSql() {}

    /** The words that end it, or null. */
    static @Nullable String endsTransaction(String sql) {
        Matcher tokens = TOKEN.matcher(sql);
        boolean atStart = true;
        while (tokens.find()) {
            String word = tokens.group(2) == null ? "" : tokens.group(2).toUpperCase(Locale.ROOT);
            if (tokens.group().equals(";")) {
                atStart = true;
            } else if (atStart && !word.isEmpty()) {
                atStart = false;
                String command = command(word, tokens);
                if (ENDING.contains(command)) {
                    return command;
                }
                if (NESTING.contains(command) || sql.indexOf(';', tokens.end()) < 0) {
                    return null;
                }
            }
        }
        return null;
    }

    /** The first word, with the second where that matters: ROLLBACK TO ends nothing, nor does PREPARE by itself. */
    private static String command(String first, Matcher tokens) {
        if (!first.equals("ROLLBACK") && !first.equals("PREPARE")) {
            return first;
        }
        String second =
                tokens.find() && tokens.group(2) != null ? tokens.group(2).toUpperCase(Locale.ROOT) : "";
        if (first.equals("PREPARE")) {
            return first + " " + second;
        }
        boolean goesOn = second.equals("TRANSACTION") || second.equals("WORK");
        String third = goesOn && tokens.find() && tokens.group(2) != null
                ? tokens.group(2).toUpperCase(Locale.ROOT)
                : "";
        return second.equals("TO") || third.equals("TO") ? "ROLLBACK TO" : first;
    }
}
