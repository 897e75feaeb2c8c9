package dev.convoke.benchmarks.journal.child;

import tools.jackson.databind.json.JsonMapper;

/**
 * What a child does.
 *
 * @param subject its name
 * @param url the database, as a JDBC URL
 * @param listeners how many listeners get each event
 * @param ordered whether deliveries of one customer run one after another
 * @param handlerMillis how long a handler waits
 * @param notifications whether the database is to wake the process
 * @param listening whether it delivers
 */
public record Job(
        String subject,
        String url,
        int listeners,
        boolean ordered,
        int handlerMillis,
        boolean notifications,
        boolean listening,
        Load load) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Publishes to the given number of listeners and delivers. */
    public static Job of(String subject, String url, int listeners, Load load) {
        return new Job(subject, url, listeners, false, 0, false, true, load);
    }

    public Job inOrder() {
        return new Job(subject, url, listeners, true, handlerMillis, notifications, listening, load);
    }

    public Job withHandlersOf(int millis) {
        return new Job(subject, url, listeners, ordered, millis, notifications, listening, load);
    }

    public Job withNotifications() {
        return new Job(subject, url, listeners, ordered, handlerMillis, true, listening, load);
    }

    /** For a process that delivers nothing. */
    public Job publishingOnly() {
        return new Job(subject, url, listeners, ordered, handlerMillis, notifications, false, load);
    }

    /** For a process that delivers what another one publishes. */
    public Job deliveringOnly() {
        Load none = Load.none(load.events());
        return new Job(subject, url, listeners, ordered, handlerMillis, notifications, true, none);
    }

    String json() {
        return JSON.writeValueAsString(this);
    }

    static Job read(String json) {
        return JSON.readValue(json, Job.class);
    }
}
