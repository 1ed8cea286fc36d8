package io.dinp.common.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Dsn;
import io.dinp.common.testing.Containers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DatabaseIT {

    @Test
    void aWriteIsAllOrNothing() throws SQLException {
        try (Database database = counters()) {
            assertThrows(
                    IllegalStateException.class,
                    () -> database.write(c -> {
                        run(c, "insert into counter values (1)");
                        throw new IllegalStateException("half way");
                    }));
            assertEquals(0, database.read(DatabaseIT::count));
            database.write(c -> run(c, "insert into counter values (1)"));
            assertEquals(1, database.read(DatabaseIT::count));
        }
    }

    @Test
    void aReadSeesOneMoment() throws SQLException {
        try (Database database = counters()) {
            int added = database.read(c -> {
                int before = count(c);
                database.write(other -> run(other, "insert into counter values (1)"));
                return count(c) - before;
            });
            assertEquals(0, added);
            assertEquals(1, database.read(DatabaseIT::count));
        }
    }

    @Test
    void aReadCannotWrite() throws SQLException {
        try (Database database = counters()) {
            assertThrows(SQLException.class, () -> database.read(c -> run(c, "insert into counter values (1)")));
        }
    }

    @Test
    void openingSucceedsAndUseFailsWithinSecondsWhenMysqlIsAway() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertUseFailsWithin(Duration.ofSeconds(6), port);
    }

    @Test
    void aSilentServerIsBounded() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            assertUseFailsWithin(Duration.ofSeconds(10), silent.getLocalPort());
        }
    }

    private static void assertUseFailsWithin(Duration limit, int port) {
        try (Database database = Database.open(Dsn.mysql("root:x@tcp(127.0.0.1:" + port + ")/dinp"), "away", 2)) {
            long begin = System.nanoTime();
            assertThrows(SQLException.class, () -> database.read(DatabaseIT::count));
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(took.compareTo(limit) < 0, "failed after " + took);
        }
    }

    private static Database counters() throws SQLException {
        Database database = Database.open(Containers.emptyDatabase(), "test", 2);
        database.write(c -> run(c, "create table counter (n int not null) engine = innodb"));
        return database;
    }

    private static boolean run(Connection connection, String statement) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            return sql.execute(statement);
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery("select count(*) from counter")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
