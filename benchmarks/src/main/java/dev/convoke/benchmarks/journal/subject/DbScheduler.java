package dev.convoke.benchmarks.journal.subject;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * db-scheduler with the strategy and the limits that its documentation has the best throughput with (lock and fetch; 2.0 and 6.0 for
 * a hundred threads, 4.0 and 20.0 for fewer), immediate execution, and polls each 10 ms. A one-time task for each listener, in one
 * batch.
 */
final class DbScheduler implements Subject {
    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS scheduled_tasks (
                task_name TEXT NOT NULL, task_instance TEXT NOT NULL, task_data BYTEA, execution_time TIMESTAMPTZ,
                picked BOOLEAN NOT NULL, picked_by TEXT, last_success TIMESTAMPTZ, last_failure TIMESTAMPTZ,
                consecutive_failures INT, last_heartbeat TIMESTAMPTZ, version BIGINT NOT NULL, priority SMALLINT, state TEXT,
                PRIMARY KEY (task_name, task_instance));
            CREATE INDEX IF NOT EXISTS execution_time_idx ON scheduled_tasks (execution_time);
            CREATE INDEX IF NOT EXISTS last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
            CREATE INDEX IF NOT EXISTS priority_execution_time_idx ON scheduled_tasks (priority DESC, execution_time ASC)""";
    private static final int CHUNK = 500;

    private final DataSource dataSource;
    private final TransactionTemplate transactions;
    private final List<OneTimeTask<String>> tasks;
    private final Scheduler scheduler;

    DbScheduler(Setup setup) throws SQLException {
        dataSource = new TransactionAwareDataSourceProxy(setup.dataSource());
        transactions = new TransactionTemplate(new DataSourceTransactionManager(setup.dataSource()));
        Business.execute(setup.dataSource(), TABLE);
        Business.createTable(setup.dataSource());
        tasks = IntStream.range(0, setup.listeners())
                .mapToObj(listener -> task(listener, setup.handler()))
                .toList();
        scheduler = Scheduler.create(dataSource, List.copyOf(tasks))
                .threads(setup.threads())
                .pollUsingLockAndFetch(setup.blocking() ? 2.0 : 4.0, setup.blocking() ? 6.0 : 20.0)
                .pollingInterval(Duration.ofMillis(10))
                .enableImmediateExecution()
                .build();
    }

    private static OneTimeTask<String> task(int listener, Handler handler) {
        return Tasks.oneTime("listener-" + listener, String.class)
                .execute((instance, context) ->
                        handler.handle(listener, new Order(instance.getData(), Integer.parseInt(instance.getId()))));
    }

    @Override
    public void listen() {
        scheduler.start();
    }

    @Override
    public void publish(Order order) {
        scheduler.scheduleBatch(instances(order), Instant.now());
    }

    @Override
    public void publishWithin(Order order) {
        transactions.executeWithoutResult(status -> {
            insert(order);
            publish(order);
        });
    }

    private void insert(Order order) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            Business.insert(connection, order);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    @Override
    public void publishAll(List<Order> orders) {
        for (int from = 0; from < orders.size(); from += CHUNK) {
            List<TaskInstance<?>> instances = new ArrayList<>();
            orders.subList(from, Math.min(from + CHUNK, orders.size()))
                    .forEach(order -> instances.addAll(instances(order)));
            scheduler.scheduleBatch(instances, Instant.now());
        }
    }

    private List<TaskInstance<?>> instances(Order order) {
        List<TaskInstance<?>> instances = new ArrayList<>();
        for (OneTimeTask<String> task : tasks) {
            instances.add(task.instance(Integer.toString(order.number()), order.customer()));
        }
        return instances;
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
