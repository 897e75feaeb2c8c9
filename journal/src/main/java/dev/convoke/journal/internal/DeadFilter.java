package dev.convoke.journal.internal;

import dev.convoke.journal.DeadReason;
import dev.convoke.journal.DeadSelection;
import dev.convoke.journal.EventStatus.State;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The dead or discarded deliveries that are selected, as SQL: where they are and what they fulfil. It reads the one table, and looks
 * up in the others row by row: joined, there would be plans that walk over all events for each few hundred deliveries.
 *
 * <p>Confined to one thread.
 */
final class DeadFilter {
    /** One that an older version of the journal has left without a reason has failed: nothing else could be retried then. */
    static final String REASON = "coalesce(d.reason, '" + DeadReason.FAILED + "')";

    /**
     * The name that a delivery's listener has now, which is that of the one that goes on with it; null where it was retired, as it has no
     * deliveries any more.
     */
    static final String LISTENER = "(SELECT l.name FROM convoke_listener k"
            + " JOIN convoke_listener l ON l.id = coalesce(k.successor, k.id)"
            + " WHERE k.id = d.listener AND k.retired_at IS NULL AND l.retired_at IS NULL)";

    private final StringBuilder sql;
    private final List<Object> values = new ArrayList<>();

    private DeadFilter(State state) {
        sql = new StringBuilder(" FROM convoke_delivery d WHERE d.state = '" + state + "'");
    }

    static DeadFilter of(DeadSelection selection, State state, Dialect dialect) {
        DeadFilter filter = new DeadFilter(state);
        selection
                .listener()
                .ifPresentOrElse(
                        name -> filter.and(LISTENER + " = ?", name), () -> filter.and(LISTENER + " IS NOT NULL"));
        selection.reason().ifPresent(reason -> filter.and(REASON + " = ?", reason.name()));
        selection
                .error()
                .ifPresent(beginning ->
                        filter.and("substr(coalesce(d.error, ''), 1, length(?)) = ?", beginning, beginning));
        selection.errorLine().ifPresent(line -> filter.and(firstLine(dialect) + " = ?", line));
        selection
                .eventId()
                .ifPresent(id -> filter.and("(SELECT e.event_id FROM convoke_event e WHERE e.id = d.event) = ?", id));
        selection.delivery().ifPresent(filter::andDelivery);
        return filter;
    }

    /** The first line of the error; an empty text where there is none. */
    static String firstLine(Dialect dialect) {
        String end = dialect.endOfLine();
        return "CASE WHEN d.error IS NULL THEN '' WHEN " + end + " = 0 THEN d.error ELSE substr(d.error, 1, " + end
                + " - 1) END";
    }

    private void andDelivery(String text) {
        DeliveryId.of(text)
                .ifPresentOrElse(
                        id -> and("d.event = ? AND d.listener = ?", id.event(), id.listener()), () -> and("1 = 0"));
    }

    /** Of these, those that come after this one, in the order in which everybody locks them. */
    DeadFilter after(DeliveryId last) {
        and("(d.event, d.listener) > (?, ?)", last.event(), last.listener());
        return this;
    }

    private void and(String condition, Object... parameters) {
        sql.append(" AND ").append(condition);
        values.addAll(Arrays.asList(parameters));
    }

    String sql() {
        return sql.toString();
    }

    /** Sets the parameters, which are the first ones of this statement, and returns the place of the next. */
    int set(PreparedStatement statement) throws SQLException {
        int at = 1;
        for (Object value : values) {
            statement.setObject(at++, value);
        }
        return at;
    }
}
