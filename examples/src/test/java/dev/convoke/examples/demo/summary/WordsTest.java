package dev.convoke.examples.demo.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 µs",
        "40, 40 µs",
        "99, 99 µs",
        "100, 0.1 ms",
        "12340, 12.3 ms",
        "99960, 100 ms",
        "250000, 250 ms",
        "999600, 1.00 s",
        "2310000, 2.31 s"
    })
    void a_duration_has_three_digits_at_most_before_the_unit_changes(long micros, String words) {
        assertThat(Words.duration(Duration.ofNanos(micros * 1000))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "999, 999 B", "41000, 41 kB", "1310000, 1.3 MB"})
    void so_do_bytes(long bytes, String words) {
        assertThat(Words.bytes(bytes)).isEqualTo(words);
    }

    @Test
    void a_text_is_put_on_one_line_and_cut_where_it_is_too_long() {
        assertThat(Words.shortened("two\nlines", 20)).isEqualTo("two lines");
        assertThat(Words.shortened("12345", 5)).isEqualTo("12345");
        assertThat(Words.shortened("123456", 5)).isEqualTo("1234…");
    }
}
