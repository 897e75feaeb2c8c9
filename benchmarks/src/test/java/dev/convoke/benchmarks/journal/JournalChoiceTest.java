package dev.convoke.benchmarks.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class JournalChoiceTest {
    @Test
    void a_row_takes_all_that_begin_with_it() {
        JournalChoice choice = JournalChoice.of(List.of("--rows=D1,D6", "--subjects=convoke", "--rounds=3"));

        assertThat(JournalScenarios.POSTGRESQL.stream().filter(choice::wants).map(JournalScenario::id))
                .containsExactly("D1", "D1-within", "D6");
        assertThat(choice.subjects()).containsExactly("convoke");
        assertThat(choice.rounds()).isEqualTo(3);
    }

    @Test
    void what_is_not_understood_is_refused() {
        assertThatThrownBy(() -> JournalChoice.of(List.of("--subjects=kafka"))).hasMessageContaining("kafka");
        assertThatThrownBy(() -> JournalChoice.of(List.of("20000"))).hasMessageContaining("20000");
        assertThatThrownBy(() -> JournalChoice.of(List.of("--speed=9"))).hasMessageContaining("--speed");
    }
}
