package dev.convoke.benchmarks.journal.subject;

import io.namastack.outbox.Outbox;
import io.namastack.outbox.annotation.OutboxHandler;
import io.namastack.outbox.partition.PartitionCoordinator;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Namastack Outbox in Spring Boot, with larger batches, more threads and shorter intervals than its defaults, and completed records
 * deleted. A record for each handler, in one transaction.
 */
final class Namastack implements Subject {
    private static final int CHUNK = 500;

    /** What takes part in the processing; a process that only publishes is not to be given a share of it. */
    private static final List<String> PROCESSING =
            List.of("outboxProcessingScheduler", "partitionCoordinator", "outboxInstanceRegistry");

    private final Setup setup;
    private ConfigurableApplicationContext application;

    Namastack(Setup setup) throws SQLException {
        this.setup = setup;
        Business.createTable(setup.dataSource());
        application = start(factory -> PROCESSING.forEach(((BeanDefinitionRegistry) factory)::removeBeanDefinition));
    }

    @EnableAutoConfiguration
    static class Application {}

    /** A listener of its own for each method. */
    record ThreeListeners(Handler handler) {
        @OutboxHandler
        public void first(Order order) {
            handler.handle(0, order);
        }

        @OutboxHandler
        public void second(Order order) {
            handler.handle(1, order);
        }

        @OutboxHandler
        public void third(Order order) {
            handler.handle(2, order);
        }
    }

    record OneListener(Handler handler) {
        @OutboxHandler
        public void only(Order order) {
            handler.handle(0, order);
        }
    }

    private ConfigurableApplicationContext start(Consumer<ConfigurableListableBeanFactory> change) {
        SpringApplication starting = new SpringApplication(Application.class);
        starting.setWebApplicationType(WebApplicationType.NONE);
        starting.setBannerMode(Banner.Mode.OFF);
        starting.setRegisterShutdownHook(false);
        starting.setDefaultProperties(properties());
        starting.addInitializers(context -> {
            context.addBeanFactoryPostProcessor(change::accept);
            addBeans((GenericApplicationContext) context);
        });
        return starting.run();
    }

    private Map<String, Object> properties() {
        return Map.of(
                "namastack.outbox.polling.batch-size",
                500,
                "namastack.outbox.polling.fixed.interval",
                "10ms",
                "namastack.outbox.processing.delete-completed-records",
                true,
                "namastack.outbox.processing.executor-core-pool-size",
                setup.threads(),
                "namastack.outbox.processing.executor-max-pool-size",
                setup.threads(),
                "namastack.outbox.instance.rebalance-interval",
                "500ms");
    }

    private void addBeans(GenericApplicationContext context) {
        context.registerBean(DataSource.class, setup::dataSource, definition -> definition.setDestroyMethodName(""));
        if (setup.listeners() == 1) {
            context.registerBean(OneListener.class, () -> new OneListener(setup.handler()));
        } else {
            context.registerBean(ThreeListeners.class, () -> new ThreeListeners(setup.handler()));
        }
    }

    @Override
    public void listen() throws InterruptedException {
        application.close();
        application = start(factory -> {});
        PartitionCoordinator coordinator = application.getBean(PartitionCoordinator.class);
        while (coordinator.getAssignedPartitionNumbers().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Override
    public void publish(Order order) {
        inTransaction(() -> schedule(order));
    }

    @Override
    public void publishWithin(Order order) {
        inTransaction(() -> {
            insert(order);
            schedule(order);
        });
    }

    private void insert(Order order) {
        Connection connection = DataSourceUtils.getConnection(setup.dataSource());
        try {
            Business.insert(connection, order);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, setup.dataSource());
        }
    }

    @Override
    public void publishAll(List<Order> orders) {
        for (int from = 0; from < orders.size(); from += CHUNK) {
            List<Order> chunk = orders.subList(from, Math.min(from + CHUNK, orders.size()));
            inTransaction(() -> chunk.forEach(this::schedule));
        }
    }

    /** Ordered by key; without one, each event has its own. */
    private void schedule(Order order) {
        String key = setup.ordered() ? order.customer() : Integer.toString(order.number());
        application.getBean(Outbox.class).schedule(order, key);
    }

    private void inTransaction(Runnable work) {
        new TransactionTemplate(application.getBean(PlatformTransactionManager.class))
                .executeWithoutResult(status -> work.run());
    }

    @Override
    public void close() {
        application.close();
    }
}
