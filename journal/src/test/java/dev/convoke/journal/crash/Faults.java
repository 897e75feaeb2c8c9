package dev.convoke.journal.crash;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * Connections that are lost at random: before what was asked of them, or after it, so that the reply is lost. Thread-safe.
 */
final class Faults {
    /** One call of so many. */
    private static final int ONE_IN = 100;

    private volatile boolean isOn;

    void on() {
        isOn = true;
    }

    void off() {
        isOn = false;
    }

    DataSource in(DataSource real) {
        return proxy(DataSource.class, (self, method, arguments) -> {
            Object result = call(real, method, arguments);
            return result instanceof Connection connection ? in(connection) : result;
        });
    }

    private Connection in(Connection real) {
        return proxy(Connection.class, (self, method, arguments) -> {
            lose(real);
            Object result = call(real, method, arguments);
            lose(real);
            return result;
        });
    }

    private void lose(Connection connection) throws SQLException {
        if (isOn && ThreadLocalRandom.current().nextInt(2 * ONE_IN) == 0) {
            connection.abort(Runnable::run);
            throw new SQLException("An I/O error occurred while sending to the backend.", "08006");
        }
    }

    private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
