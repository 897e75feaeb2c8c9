package dev.convoke.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryCheckTest {
    private static final int EVENTS = 500;

    @ParameterizedTest
    @CsvSource({
        "INLINE, Convoke",
        "INLINE, Convoke kept",
        "INLINE, L1",
        "INLINE, L2",
        "INLINE, L3",
        "INLINE, L6",
        "PENDING, Convoke",
        "PENDING, L2",
        "HAND_OFF, Convoke ordered",
        "AWAITED, Convoke",
        "AWAITED, Convoke on pool",
        "AWAITED, L5",
        "EVENTS, Convoke",
        "EVENTS, Convoke by name",
        "EVENTS, Convoke bound once",
        "EVENTS, L6",
    })
    void nothing_is_lost_doubled_or_reordered(Kind kind, String subject) throws Exception {
        assertThat(DeliveryCheck.of(kind, subject, EVENTS).describe(true)).isEqualTo("kept in order");
    }

    @ParameterizedTest
    @CsvSource({"HAND_OFF, Convoke", "HAND_OFF, Convoke on pool", "HAND_OFF, L5"})
    void nothing_is_lost_or_doubled_where_order_is_not_promised(Kind kind, String subject) throws Exception {
        assertThat(DeliveryCheck.of(kind, subject, EVENTS).describe(false)).isEqualTo("unordered");
    }
}
