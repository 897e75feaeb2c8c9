package dev.convoke.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MedianTest {
    @Test
    void of_an_odd_number_is_the_one_in_the_middle() {
        assertThat(Median.of(9, 1, 5)).isEqualTo(5);
    }

    @Test
    void of_an_even_number_is_between_the_two_in_the_middle() {
        assertThat(Median.of(1, 100, 3, 5)).isEqualTo(4);
    }

    @Test
    void of_nothing_is_refused() {
        assertThatThrownBy(Median::of).isInstanceOf(IllegalArgumentException.class);
    }
}
