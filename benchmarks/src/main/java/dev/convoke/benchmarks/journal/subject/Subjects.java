package dev.convoke.benchmarks.journal.subject;

import java.util.List;

/** The subjects by name; the class of one is loaded only when it is asked for. */
public final class Subjects {
    public static final String SQL = "sql";
    public static final String CONVOKE = "convoke";

    public static final String TRANSACTION_OUTBOX = "transaction-outbox";
    public static final String DB_SCHEDULER = "db-scheduler";
    public static final String NAMASTACK = "namastack";

    /** In the order of the columns of a table. */
    public static final List<String> ALL = List.of(SQL, CONVOKE, TRANSACTION_OUTBOX, DB_SCHEDULER, NAMASTACK);

    private Subjects() {}

    /** As a table calls it. */
    public static String title(String name) {
        return switch (name) {
            case SQL -> "SQL alone";
            case CONVOKE -> "Convoke";
            case NAMASTACK -> "Namastack";
            default -> name;
        };
    }

    /** Whether it is another library. */
    public static boolean isPeer(String name) {
        return !name.equals(SQL) && !name.equals(CONVOKE);
    }

    public static Subject open(String name, Setup setup) throws Exception {
        return switch (name) {
            case SQL -> new SqlAlone(setup);
            case CONVOKE -> new Convoke(setup);
            case TRANSACTION_OUTBOX -> new TransactionOutboxPeer(setup);
            case DB_SCHEDULER -> new DbScheduler(setup);
            case NAMASTACK -> new Namastack(setup);
            default -> throw new IllegalArgumentException("no such subject: " + name + " " + ALL);
        };
    }
}
