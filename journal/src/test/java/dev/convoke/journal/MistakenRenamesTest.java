package dev.convoke.journal;

import static dev.convoke.journal.SimulatedProcess.durable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.EventType;
import dev.convoke.journal.SharedDatabase.Kind;
import dev.convoke.listener.Subscription;
import dev.convoke.testkit.journal.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A version of the program says that a listener was renamed to another one, and both still exist. */
@Tag("everyday")
class MistakenRenamesTest extends SeveralProcesses {
    private static final JournalOptions RIGHT = JournalOptions.defaults().sessionTtl(Duration.ofSeconds(3));
    private static final JournalOptions MISTAKEN = RIGHT.renamedListener("mail", "ledger");

    private final Map<String, Queue<Integer>> ran = new ConcurrentHashMap<>();
    private SharedDatabase database;

    private SimulatedProcess start(JournalOptions options, String... listeners) throws Exception {
        SimulatedProcess process = start(database, options);
        for (String listener : listeners) {
            subscribe(process, listener);
        }
        return process;
    }

    private Subscription subscribe(SimulatedProcess process, String name) throws Exception {
        return process.subscribe(durable(name), order -> ran(name).add(order.number()));
    }

    private Queue<Integer> ran(String listener) {
        return ran.computeIfAbsent(listener, name -> new ConcurrentLinkedQueue<>());
    }

    private void assertBothGotOnce(Integer... numbers) {
        soon().untilAsserted(() -> {
            assertThat(ran("mail")).contains(numbers);
            assertThat(ran("ledger")).contains(numbers);
        });
        elapse(Duration.ofMillis(1_200)); // in which each process would have looked for more
        assertThat(ran("mail")).as("mail, each once").containsExactlyInAnyOrder(numbers);
        assertThat(ran("ledger")).as("ledger, each once").containsExactlyInAnyOrder(numbers);
    }

    private static void assertRefused(ThrowingCallable subscribing, String why) {
        assertThatThrownBy(subscribing)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("mail", "ledger", why);
    }

    private List<String> listeners() {
        try (JdbcJournal journal = database.open(RIGHT)) {
            return journal.listeners().stream()
                    .map(DurableListenerStatus::listener)
                    .toList();
        }
    }

    private int count(String what) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT count(*) FROM " + what)) {
            found.next();
            return found.getInt(1);
        }
    }

    /** What a mistaken version that had no other process beside it has left behind. */
    private void mergeByMistake() throws Exception {
        SimulatedProcess mistaken = start(MISTAKEN, "ledger");
        assertThat(listeners()).containsExactly("ledger");
        assertRefused(() -> subscribe(mistaken, "mail"), "this process subscribes both");
        mistaken.end();
    }

    // ---- refused before anything is written ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "D3, D11: a rename of two listeners that a running process has is refused, and takes nothing from either")
    void D3_a_rename_to_a_listener_that_is_there(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess right = start(RIGHT, "mail", "ledger");
        right.publish("ada", 1);
        SimulatedProcess mistaken = start(MISTAKEN);

        assertRefused(() -> subscribe(mistaken, "ledger"), "has them as two");

        right.publish("ada", 2);
        mistaken.publish("ada", 3);
        mistaken.end();
        right.publish("ada", 4);
        assertBothGotOnce(1, 2, 3, 4);
        assertThat(listeners()).containsExactly("ledger", "mail");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D3, D11: a process that has both names of a rename is refused, whichever it subscribes first")
    void D3_a_process_with_both_names(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess right = start(RIGHT, "mail", "ledger");
        right.publish("ada", 1);
        SimulatedProcess mistaken = start(MISTAKEN, "mail");

        assertRefused(() -> subscribe(mistaken, "ledger"), "this process subscribes both");

        right.publish("ada", 2);
        mistaken.publish("ada", 3);
        mistaken.end();
        right.publish("ada", 4);
        assertBothGotOnce(1, 2, 3, 4);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D3, D11: two listeners that a running process has are not both renamed to a third one")
    void D3_two_listeners_into_one(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess right = start(RIGHT, "mail", "ledger");
        SimulatedProcess mistaken = start(MISTAKEN.renamedListener("ledger", "books"));

        assertRefused(() -> subscribe(mistaken, "books"), "has them as two");

        right.publish("ada", 1);
        assertBothGotOnce(1);
        right.end();
        subscribe(mistaken, "books"); // it may take over from both when nobody has both any more
        mistaken.publish("ada", 2);
        soon().untilAsserted(() -> assertThat(ran("books")).containsExactly(2));
    }

    @Test
    @DisplayName("D11: renames that go round in a circle are refused")
    void D11_a_circle_of_renames() {
        assertRefused(() -> MISTAKEN.renamedListener("ledger", "mail"), "ledger → mail → ledger");
        assertRefused(
                () -> MISTAKEN.renamedListener("ledger", "books").renamedListener("books", "mail"),
                "books → mail → ledger → books");
        assertThatThrownBy(() -> RIGHT.renamedListener("mail", "mail")).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- undone ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D3, D11: after a mistaken rename, the version before it starts, and both listeners get each event")
    void D11_a_rollback_after_a_mistaken_rename(Kind kind) throws Exception {
        database = create(kind);
        start(RIGHT, "mail", "ledger").end();
        for (List<String> order : List.of(List.of("mail", "ledger"), List.of("ledger", "mail"))) {
            mergeByMistake();
            ran.clear();

            SimulatedProcess right = start(RIGHT, order.get(0), order.get(1));

            right.publish("ada", 1);
            assertBothGotOnce(1);
            SimulatedProcess again = start(MISTAKEN);
            assertRefused(() -> subscribe(again, "ledger"), "has them as two");
            right.publish("ada", 2);
            assertBothGotOnce(1, 2);
            assertThat(listeners()).containsExactly("ledger", "mail");
            right.end();
            again.end();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D3, D11: a mistaken rename is undone beside processes that have one of the names")
    void D11_undone_beside_other_processes(Kind kind) throws Exception {
        database = create(kind);
        start(RIGHT, "mail", "ledger").end();
        SimulatedProcess mistaken = start(MISTAKEN, "ledger");
        SimulatedProcess old = start(RIGHT, "mail"); // by then it shares what is for ledger
        SimulatedProcess right = start(RIGHT);
        subscribe(right, "mail").pause();

        subscribe(right, "ledger").pause();

        right.publish("ada", 1);
        old.publish("ada", 2);
        mistaken.publish("ada", 3);
        assertBothGotOnce(1, 2, 3);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D3, D11: a name that was only pointed at a listener by a mistaken rename gets a listener of its own")
    void D11_a_name_that_no_listener_had(Kind kind) throws Exception {
        database = create(kind);
        mergeByMistake();

        SimulatedProcess right = start(RIGHT, "mail", "ledger");

        right.publish("ada", 1);
        assertBothGotOnce(1);
        right.end();
        SimulatedProcess next = start(RIGHT, "ledger", "mail");
        next.publish("ada", 2);
        assertBothGotOnce(1, 2);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D11: a listener that was renamed keeps its first name: no other listener can have that")
    void D11_a_former_name_is_not_another_listeners(Kind kind) throws Exception {
        database = create(kind);
        start(RIGHT, "mail").end();
        SimulatedProcess renamed = start(MISTAKEN, "ledger");
        SimulatedProcess next = start(RIGHT, "ledger");

        assertRefused(() -> subscribe(next, "mail"), "cannot be told whose");

        subscribe(next, "post");
        renamed.publish("ada", 1);
        next.publish("ada", 2);
        soon().untilAsserted(() -> assertThat(ran("post")).containsExactlyInAnyOrder(1, 2));
        soon().untilAsserted(() -> assertThat(ran("ledger")).containsExactlyInAnyOrder(1, 2));
        assertThat(listeners()).containsExactly("ledger", "post");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D3, D11: what was renamed rightly before a mistaken rename stays renamed when that is undone")
    void D11_a_right_rename_before_the_mistaken_one(Kind kind) throws Exception {
        database = create(kind);
        start(RIGHT, "post").end();
        start(RIGHT, "mail", "ledger").end(); // a rename that was forgotten, and told later
        JournalOptions right = RIGHT.renamedListener("post", "mail");
        start(right, "mail", "ledger").end();
        start(right.renamedListener("mail", "ledger"), "ledger").end();

        SimulatedProcess process = start(right, "mail", "ledger");
        SimulatedProcess old = start(RIGHT);
        subscribe(old, "post").pause();

        old.publish("ada", 1);
        process.publish("ada", 2);
        assertBothGotOnce(1, 2);
        assertThat(listeners()).containsExactly("ledger", "mail");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D3, D11: listeners of different events that were one have each its own event again")
    void D11_listeners_of_different_events(Kind kind) throws Exception {
        database = create(kind);
        EventType<Order> paid = EventType.of("order.paid", Order.class);
        for (JournalOptions options : List.of(RIGHT, MISTAKEN, RIGHT)) {
            SimulatedProcess process = start(options);
            if (options == RIGHT) {
                process.subscribe(paid, durable("mail"), order -> ran("mail").add(order.number()));
            }
            subscribe(process, "ledger");
            if (options == RIGHT) {
                process.publish(paid, new Order("ada", 1), Duration.ofSeconds(5));
                process.publish("ada", 1);
                assertBothGotOnce(1);
                ran.clear();
            }
            process.end();
        }
        assertThat(count("convoke_subscription")).isEqualTo(2);
        assertThat(count("convoke_delivery")).isZero();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("D3, D11: a running process undoes a rename of two listeners that it has, however that was made")
    void D3_a_running_process_undoes_a_rename(Kind kind) throws Exception {
        database = create(kind);
        SimulatedProcess right = start(RIGHT, "mail", "ledger");
        for (String gone : List.of("", "DELETE FROM convoke_session", "DELETE FROM convoke_session")) {
            if (!gone.isEmpty()) {
                database.execute(gone); // as if it had been frozen, and taken for dead
            }
            database.execute("UPDATE convoke_listener SET successor = 'ledger' WHERE id = 'mail'");
            database.execute("UPDATE convoke_journal SET generation = generation + 1");

            soon().until(() -> count("convoke_listener WHERE successor IS NOT NULL") == 0);
        }

        soon().untilAsserted(() -> assertThat(count("convoke_reader r JOIN convoke_session s ON s.id = r.session"))
                .isEqualTo(2));
        right.publish("ada", 1);
        assertBothGotOnce(1);
    }
}
