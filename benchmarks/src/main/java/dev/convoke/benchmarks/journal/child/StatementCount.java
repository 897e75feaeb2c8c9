package dev.convoke.benchmarks.journal.child;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How many statements are executed on a data source's connections; a batch is one. Thread-safe. */
final class StatementCount {
    private static final int SETTLING_SECONDS = 2;

    private final LongAdder executed = new LongAdder();

    /** The same data source, counted. */
    DataSource counting(DataSource dataSource) {
        return counting(DataSource.class, dataSource);
    }

    /** Waits until the start is over, then counts statements for the given number of seconds. */
    long during(int seconds) throws InterruptedException {
        TimeUnit.SECONDS.sleep(SETTLING_SECONDS);
        long before = executed.sum();
        TimeUnit.SECONDS.sleep(seconds);
        return executed.sum() - before;
    }

    private <T> T counting(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(target, method, arguments)));
    }

    private @Nullable Object call(Object target, Method method, @Nullable Object[] arguments) throws Throwable {
        if (target instanceof Statement && method.getName().startsWith("execute")) {
            executed.increment();
        }
        try {
            return counted(method.getReturnType(), method.invoke(target, arguments));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Connections and the kinds of statements, as the method says what it returns. */
    private @Nullable Object counted(Class<?> type, @Nullable Object result) {
        boolean isCounted = type == Connection.class || Statement.class.isAssignableFrom(type);
        return isCounted && result != null ? countingAs(type, result) : result;
    }

    private <T> T countingAs(Class<T> type, Object result) {
        return counting(type, type.cast(result));
    }
}
