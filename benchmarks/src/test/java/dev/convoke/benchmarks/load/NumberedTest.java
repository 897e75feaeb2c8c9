package dev.convoke.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberedTest {
    @Test
    void notes_what_is_lost_doubled_and_reordered() {
        Numbered body = new Numbered(5);

        for (int number : new int[] {0, 3, 1, 1, 4}) {
            body.take(new Payload(number));
        }

        assertThat(body.taken()).isEqualTo(5);
        assertThat(body.lost()).as("number 2").isEqualTo(1);
        assertThat(body.duplicated()).as("number 1").isEqualTo(1);
        assertThat(body.reordered()).as("1 after 3, twice").isEqualTo(2);
    }
}
