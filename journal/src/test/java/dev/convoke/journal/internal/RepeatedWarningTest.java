package dev.convoke.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is logged when something fails again and again. */
@SuppressWarnings({"OverrideThrowableToString", "ToStringReturnsNull"}) // what users' exceptions may do
class RepeatedWarningTest {
    private static final String WHAT = "the test's work could not be done";

    private final List<LogRecord> logged = new CopyOnWriteArrayList<>();

    private void capturing(Runnable test) {
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                if (line.getMessage().startsWith(WHAT)) {
                    logged.add(line);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.convoke.journal");
        logger.addHandler(handler);
        try {
            test.run();
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    @DisplayName(
            "a warning has its stack at first, then one line for each time, until the work succeeds or fails otherwise")
    void a_stack_at_first_and_then_lines() {
        RepeatedWarning warning = new RepeatedWarning(WHAT);

        capturing(() -> {
            warning.warn(new SQLException("no connection after 30001 ms"));
            warning.warn(new SQLException("no connection after 30002 ms"));
            warning.warn(new SQLException("connection refused"));
            warning.warn(new SQLException("connection refused"));
            warning.end();
            warning.warn(new SQLException("connection refused"));
        });

        assertThat(logged).extracting(line -> line.getThrown() != null).containsExactly(true, false, true, false, true);
        assertThat(logged.get(1).getMessage())
                .isEqualTo(WHAT + "; the cause is still java.sql.SQLException: no connection after 30002 ms");
    }

    @Test
    @DisplayName("an exception that says nothing of itself, or cannot, is called by its class")
    void an_exception_that_says_nothing() {
        RuntimeException mute = new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
                return null;
            }
        };
        RuntimeException hostile = new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
                throw new IllegalStateException("no words");
            }
        };

        assertThat(Log.said(mute)).isEqualTo(mute.getClass().getName());
        assertThat(Log.said(hostile)).isEqualTo(hostile.getClass().getName());
    }
}
