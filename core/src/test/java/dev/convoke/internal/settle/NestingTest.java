package dev.convoke.internal.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.testkit.ManualExecutor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NestingTest {
    private final ManualExecutor elsewhere = new ManualExecutor();
    private final Nesting nesting = new Nesting(elsewhere);
    private int levels;

    private void goDown() {
        levels++;
        if (levels < 100) {
            nesting.here(this::goDown);
        }
    }

    @Test
    @DisplayName("S8: 64 levels run on one thread's stack, and each following 64 on a stack of their own")
    void S8_sixty_four_levels() {
        nesting.here(this::goDown);
        assertThat(levels).isEqualTo(64);
        assertThat(elsewhere.waiting()).isEqualTo(1);

        elsewhere.runAll();
        assertThat(levels).isEqualTo(100);
    }

    @Test
    @DisplayName("S8: levels that were left do not count, however they were left")
    void S8_left_levels_do_not_count() {
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> nesting.here(() -> {
                        throw new IllegalStateException("planted");
                    }))
                    .hasMessage("planted");
            nesting.here(() -> levels++);
        }
        assertThat(levels).isEqualTo(100);
        assertThat(elsewhere.waiting()).isZero();
    }
}
