package dev.sluice.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Sql;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that cost PostgreSQL much, of a client with a key to read. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueriesIT {
    /** That its odd number of letters is no sum of two even ones takes PostgreSQL a minute to find, for each row. */
    private static final String SLOW = "t=match." + encoded("^(x+)(x+)\\1\\2$");

    private static final Duration SOON = Duration.ofSeconds(10);

    private static Attacked attacked;
    private static String key;

    private final List<Client> clients = new ArrayList<>();

    /** A query that waits for a place holds an entry of its address. Here it would do so for longer than any test allows. */
    @BeforeAll
    static void start() {
        attacked = Attacked.start("web", Map.of("sluice.query.patience", "60s"));
        key = attacked.key("read");
        attacked.load("slow", "t,n\n" + ("x".repeat(4001) + ",1\n").repeat(20));
        attacked.load("large", "t\n" + "some text of a table that is read slowly\n".repeat(1_000_000));
    }

    @AfterEach
    void hangUp() {
        clients.forEach(Client::close);
        Await.until("no query runs", SOON, () -> attacked.queries() == 0);
    }

    @AfterAll
    static void stop() {
        attacked.close();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private Client get(String path, String headers) {
        Client client = Client.to(attacked)
                .send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n" + headers
                        + "\r\n");
        clients.add(client);
        return client;
    }

    @ParameterizedTest
    @CsvSource({
        "limit=10, application/json, ''",
        "limit=10, text/csv, ''",
        "select=n, application/json, ''",
        "select=n, text/csv, ''",
        "limit=0, application/json, Prefer: count=exact",
    })
    void queriesOfAClientThatHangsUpAreCancelled(String query, String accept, String prefer) {
        Client client = get(
                "/rest/v1/slow?" + SLOW + "&" + query,
                "Accept: " + accept + "\r\n" + (prefer.isEmpty() ? "" : prefer + "\r\n"));
        Await.until("the query runs", SOON, () -> attacked.queries() == 1);

        client.close();

        Await.until("the query is cancelled", SOON, () -> attacked.queries() == 0);
        attacked.assertServesOthers();
    }

    /** The queries wait for a lock. Queries that compute would take all processors, and slow the other key down by that. */
    @Test
    void slowPagesOfOneKeyLeaveConnectionsToOthers() throws SQLException {
        try (Connection lock = Sql.connect(attacked.configuration())) {
            lock.setAutoCommit(false);
            try (Statement s = lock.createStatement()) {
                s.execute("LOCK TABLE " + largestTable() + " IN ACCESS EXCLUSIVE MODE");
            }
            for (int i = 0; i < 60; i++) {
                get("/rest/v1/large?limit=10", "");
            }
            Await.until("the connections of a key are taken", SOON, () -> attacked.queries() == 8);

            attacked.assertServesOthers();
            assertThat(attacked.queries()).isEqualTo(8);
            lock.rollback();
        }
    }

    private static String largestTable() {
        return Sql.query(
                        attacked.configuration(),
                        "SELECT 'data.' || relname FROM pg_class WHERE relnamespace = 'data'::regnamespace"
                                + " AND relkind = 'r' ORDER BY relpages DESC")
                .getFirst();
    }

    @Test
    void exportsOfOneKeyLeaveExportsToOthers() {
        for (int i = 0; i < 20; i++) {
            get("/rest/v1/large", "");
        }

        attacked.assertServesOthers();
        HttpResponse<String> counted = attacked.send(
                attacked.with(attacked.key("read"), "/rest/v1/slow?n=gt.0&limit=1")
                        .header("Prefer", "count=exact"),
                Duration.ofSeconds(5));
        assertThat(counted.statusCode()).as(counted.body()).isEqualTo(206);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(x{0,255}y{0,255}z{0,255}){0,40}",
                "(\\w?\\s?\\d?[a-f]?[^a-z]?[[:alpha:]]?){0,80}",
                "(?x)( x{0,255} # (\n ){0,40}",
                "***:(x{0,255}y{0,255}z{0,255}){0,40}",
                "([(]x{0,255}y{0,255}z{0,255}){0,40}",
                "([]()](x{0,255}y{0,255}z{0,255})){0,40}",
                "(\\c(x{0,255}y{0,255}z{0,255}){0,40}",
            })
    void expressionsThatTakeMuchMemoryOfPostgresAreRefused(String pattern) {
        for (String query : List.of(
                "t=match." + encoded(pattern), "t=imatch(any)." + encoded("{a,\"" + escaped(pattern) + "\"}"))) {
            HttpResponse<String> answer =
                    attacked.send(attacked.with(key, "/rest/v1/slow?" + query), Duration.ofMinutes(1));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        }
    }

    private static String escaped(String element) {
        return element.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
