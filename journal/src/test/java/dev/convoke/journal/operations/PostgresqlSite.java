package dev.convoke.journal.operations;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/** A database in PostgreSQL, and a network of its own for each process. One goes through a pgbouncer, where there is one. Thread-safe. */
final class PostgresqlSite implements Site {
    private final DatabaseServer server;
    private final PGSimpleDataSource database;
    private final Tables tables;
    private final List<Proxy> proxies = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();

    PostgresqlSite(int pods) throws Exception {
        server = DatabaseServer.start();
        database = createDatabase(server.maintenance());
        tables = Tables.of(database);
        tables.create();
        Optional<Integer> bouncer = server.bouncerTo(database.getDatabaseName());
        for (int pod = 0; pod < pods; pod++) {
            boolean isBounced = pod == 0 && bouncer.isPresent();
            Proxy proxy = new Proxy(isBounced ? bouncer.get() : database.getPortNumbers()[0]);
            proxies.add(proxy);
            addresses.add(address(proxy.port(), isBounced, pod));
        }
    }

    private static PGSimpleDataSource createDatabase(PGSimpleDataSource maintenance) throws SQLException {
        String name = "convoke_" + UUID.randomUUID().toString().replace("-", "");
        try (var connection = maintenance.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        PGSimpleDataSource created = new PGSimpleDataSource();
        created.setUrl(maintenance.getUrl());
        created.setUser(maintenance.getUser());
        created.setPassword(maintenance.getPassword());
        created.setDatabaseName(name);
        return created;
    }

    private String address(int port, boolean isBounced, int pod) {
        PGSimpleDataSource way = new PGSimpleDataSource();
        way.setServerNames(new String[] {"127.0.0.1"});
        way.setPortNumbers(new int[] {port});
        way.setDatabaseName(database.getDatabaseName());
        way.setUser(database.getUser());
        way.setPassword(database.getPassword());
        way.setApplicationName("p" + pod);
        way.setSocketTimeout(SOCKET_TIMEOUT_SECONDS);
        way.setConnectTimeout(5);
        if (isBounced) {
            way.setPrepareThreshold(0);
        }
        return way.getURL() + "&user=" + database.getUser()
                + (database.getPassword() == null ? "" : "&password=" + database.getPassword());
    }

    @Override
    public String address(int pod) {
        return addresses.get(pod);
    }

    @Override
    public Tables tables() {
        return tables;
    }

    @Override
    public Set<Fault> faults() {
        Set<Fault> faults = EnumSet.complementOf(EnumSet.of(Fault.LOCK));
        if (!server.canCrash()) {
            faults.remove(Fault.CRASH);
        }
        if (!server.hasClock()) {
            faults.remove(Fault.CLOCK);
        }
        return faults;
    }

    @Override
    public Proxy proxy(int pod) {
        return proxies.get(pod);
    }

    @Override
    public DatabaseServer server() {
        return server;
    }

    @Override
    public void close() throws IOException {
        for (Proxy proxy : proxies) {
            proxy.close();
        }
        server.close();
    }
}
