package dev.convoke.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShapesTest {
    private final Tally body = new Tally();

    @Test
    void listeners_are_of_as_many_classes_as_there_are_shapes() {
        assertThat(IntStream.range(0, 100)
                        .mapToObj(i -> Shapes.plain(i, body).getClass())
                        .distinct())
                .hasSize(Shapes.COUNT);
        assertThat(IntStream.range(0, 100)
                        .mapToObj(i -> Shapes.async(i, body).getClass())
                        .distinct())
                .hasSize(Shapes.COUNT);
    }
}
