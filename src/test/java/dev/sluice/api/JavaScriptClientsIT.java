package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.harness.NodePackage;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the JavaScript clients of PostgREST get from a running service is what SQL gets from the tables. The calls are in
 * {@code src/test/js/clients.mjs}; here is what each has to give, under the same name. Long because there are many calls:
 * it is one list.
 */
class JavaScriptClientsIT {
    private static final Path DIRECTORY = Path.of("target/js-clients");
    private static final String ADMIN = "the-first-key-of-this-test-0123456789";
    private static final String COLUMNS = "id, label, kind, body, big, amount, ratio, done, day, at, token";

    /** Rows that the planner takes for more than they are: the second condition implies the first. */
    private static final String MISJUDGED = "kind = 'animal' OR body = 'The tree has no leaves'";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TABLE = """
            id,label,kind,body,big,amount,ratio,done,day,at,token
            1,alpha,,An apple is red,9007199254740993,-3.00,1.5,false,2024-02-09,2024-02-09T07:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000001
            2,"a,b",animal,The tree has no leaves,9223372036854775807,20.25,1e+20,true,2024-02-19,2024-02-20T14:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000002
            3,"say ""hi""\",tool,Apples are falling from trees,-9223372036854775808,,2.5e-07,,2024-02-29,2024-02-28T21:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000003
            4,(brackets),fruit,A cat and a dog,0,0.01,-3.25,false,2024-02-02,2024-02-02T04:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000004
            5,ünïcödé,fruit,The dog sleeps,-1,12345678901234567890.123456789,,true,2024-02-12,2024-02-13T11:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000005
            6,"",,A sleeping dog lies,42,10.00,100.0,,2024-02-22,2024-02-21T18:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000006
            7,,animal,,9007199254740993,7,-1e-05,true,2024-03-03,2024-03-03T01:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000007
            8,O'Brien,tool,Cats never sleep,9223372036854775807,99.99,0.1,false,2024-02-05,2024-02-06T08:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000008
            9,100%,fruit,Dogs are barking,-9223372036854775808,-0.50,1.5,true,,2024-02-14T15:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000009
            10,under_score,fruit,A red apple falls from the tree,,1.5,1e+20,,2024-02-25,2024-02-25T22:00:00+02:00,
            11,back\\slash,,An apple is red,0,1.50,2.5e-07,false,2024-03-06,,0b8f1c52-7a6e-4c1d-9f00-00000000000b
            12,"  spaced  ",animal,The tree has no leaves,-1,-3.00,-3.25,true,2024-02-08,2024-02-07T12:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-00000000000c
            13,日本語,tool,Apples are falling from trees,42,20.25,,,2024-02-29,2024-02-29T08:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-00000000000d
            14,fox 🦊,fruit,A cat and a dog,9007199254740993,,100.0,true,2024-02-28,2024-02-29T02:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-00000000000e
            15,null,fruit,The dog sleeps,9223372036854775807,0.01,-1e-05,false,2024-02-01,2024-01-31T09:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-00000000000f
            16,"(a,b)",,A sleeping dog lies,-9223372036854775808,12345678901234567890.123456789,0.1,true,2024-02-11,2024-02-11T16:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000010
            17,"quote""comma,(paren)",animal,,,10.00,1.5,,2024-02-21,2024-02-22T23:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000011
            18,Alpha,tool,Cats never sleep,0,7,1e+20,false,,2024-03-01T06:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000012
            19,ALPHA,fruit,Dogs are barking,-1,99.99,2.5e-07,true,2024-02-04,2024-02-04T13:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000013
            20,a.b.c,fruit,A red apple falls from the tree,42,-0.50,-3.25,,2024-02-14,2024-02-15T20:00:00+02:00,
            21,a*b,,An apple is red,9007199254740993,1.5,,true,2024-02-24,2024-02-23T03:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000015
            22,a:b,animal,The tree has no leaves,9223372036854775807,1.50,100.0,false,2024-03-05,,0b8f1c52-7a6e-4c1d-9f00-000000000016
            23,"{x,y}",tool,Apples are falling from trees,-9223372036854775808,-3.00,-1e-05,true,2024-02-07,2024-02-08T17:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000017
            24,"line
            break",fruit,A cat and a dog,,20.25,0.1,,2024-02-17,2024-02-16T00:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000018
            25,#hash&amp=1+2%20,fruit,The dog sleeps,0,,1.5,false,2024-02-27,2024-02-27T07:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000019
            26,alphabet,,A sleeping dog lies,-1,0.01,1e+20,true,2024-01-31,2024-02-01T14:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-00000000001a
            27,beta,animal,,42,12345678901234567890.123456789,2.5e-07,,,2024-02-09T21:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-00000000001b
            28,beta,tool,Cats never sleep,9007199254740993,10.00,-3.25,true,2024-02-20,2024-02-20T04:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-00000000001c
            29,,fruit,Dogs are barking,9223372036854775807,7,,false,2024-03-01,2024-03-02T11:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-00000000001d
            30,gamma,fruit,A red apple falls from the tree,-9223372036854775808,99.99,100.0,true,2024-02-03,2024-02-02T18:00:00+02:00,
            31,Ångström,,An apple is red,,-0.50,-1e-05,,2024-02-13,2024-02-13T01:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-00000000001f
            32,zeta,animal,The tree has no leaves,0,1.5,0.1,false,2024-02-23,2024-02-24T08:00:00+02:00,0b8f1c52-7a6e-4c1d-9f00-000000000020
            """;

    private static final Map<String, JsonNode> ANSWERS = new LinkedHashMap<>();

    /** What there would have to be to run the clients; {@code null} if all of it is there. */
    private static String missing;

    private static Service service;
    private static Connection database;
    private static String tables;

    @BeforeAll
    static void callEverything() throws IOException, SQLException {
        missing = NodePackage.missing();
        if (missing != null) {
            return;
        }
        Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.put("sluice.access.mode", "keys");
        configuration.put("sluice.access.bootstrap-key", ADMIN);
        service = Service.start("web", configuration).awaitReady();
        String table = upload(configuration, "clients", TABLE);
        String first = upload(configuration, "versions", "n,v\n1,first\n2,first\n");
        String second = upload(configuration, "versions", "n,v\n1,second\n2,second\n3,second\n");
        tables = "WITH t AS (SELECT * FROM " + table + "), first AS (SELECT * FROM " + first
                + "), second AS (SELECT * FROM " + second + ") ";
        Sql.run(configuration, "ANALYZE " + table); // else the plan may change between a call and its comparison
        database = DriverManager.getConnection(
                configuration.get("quarkus.datasource.jdbc.url"),
                configuration.get("quarkus.datasource.username"),
                configuration.get("quarkus.datasource.password"));
        try (Statement statement = database.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'");
        }
        NodePackage clients = NodePackage.install(DIRECTORY);
        for (String line : clients.run(
                        Map.of(
                                "SLUICE_URL",
                                service.uri("").toString(),
                                "SLUICE_KEY",
                                keyToRead(),
                                "SLUICE_DATASET",
                                "clients",
                                "SLUICE_VERSIONS",
                                "versions"),
                        "node",
                        "clients.mjs")
                .orFail()) {
            JsonNode answer = JSON.readTree(line);
            ANSWERS.put(answer.get("name").asText(), answer);
        }
    }

    @AfterAll
    static void stop() throws SQLException {
        if (database != null) {
            database.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @BeforeEach
    void skipWhereTheClientsCannotRun() {
        assumeTrue(missing == null, missing);
    }

    /** Uploads a version; the name of its table. */
    private static String upload(Map<String, String> configuration, String dataset, String content) {
        HttpResponse<String> response = send("PUT", "/v1/datasets/" + dataset, "application/octet-stream", content);
        assertThat(response.statusCode()).as(response.body()).isIn(200, 201);
        return Sql.query(
                        configuration,
                        "SELECT 'data.' || table_name FROM sluice.segment ORDER BY created_at DESC LIMIT 1")
                .getFirst();
    }

    private static String keyToRead() throws JsonProcessingException {
        HttpResponse<String> response =
                send("POST", "/v1/keys", "application/json", "{\"name\":\"clients\",\"scopes\":[\"read\"]}");
        return JSON.readTree(response.body()).get("key").asText();
    }

    private static HttpResponse<String> send(String method, String path, String type, String body) {
        return Service.send(HttpRequest.newBuilder(service.uri(path))
                .header("Authorization", "Bearer " + ADMIN)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void theTableHasAColumnOfEachType() {
        assertThat(json("SELECT "
                        + Stream.of(COLUMNS.split(", "))
                                .map(c -> "pg_typeof(" + c + ")::text AS " + c)
                                .reduce((a, b) -> a + ", " + b)
                                .orElseThrow()
                        + " FROM t LIMIT 1"))
                .isEqualTo(
                        "{\"id\":\"bigint\",\"label\":\"text\",\"kind\":\"text\",\"body\":\"text\",\"big\":\"bigint\","
                                + "\"amount\":\"numeric\",\"ratio\":\"double precision\",\"done\":\"boolean\",\"day\":\"date\","
                                + "\"at\":\"timestamp with time zone\",\"token\":\"uuid\"}");
    }

    @Test
    void everyCallIsComparedOnce() {
        assertThat(Stream.of(
                                comparisonsFindWhatSqlFinds(),
                                patternsFindWhatSqlFinds(),
                                listsAndNullsFindWhatSqlFinds(),
                                textSearchFindsWhatSqlFinds(),
                                treesFindWhatSqlFinds(),
                                outputsAreThoseOfSql(),
                                aggregatesAreThoseOfSql(),
                                orderAndPagesAreThoseOfSql(),
                                oneRowIsAnObject(),
                                csvIsTheTextOfTheRows(),
                                countsAreThoseOfSql(),
                                versionsAreReadByNumber(),
                                mistakesAreToldAsPostgrestTellsThem(),
                                theOtherClientGetsTheSame())
                        .flatMap(tests -> tests)
                        .map(DynamicTest::getDisplayName))
                .containsExactlyInAnyOrderElementsOf(ANSWERS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> comparisonsFindWhatSqlFinds() {
        return Stream.of(
                where("eq of a bigint", "id = 3"),
                rows("eq of a bigint that no double holds", "SELECT id, big::text FROM t WHERE big = 9007199254740993"),
                rows("eq of the smallest bigint", "SELECT id, big::text FROM t WHERE big = (SELECT min(big) FROM t)"),
                where("eq of a text with a comma", "label = 'a,b'"),
                where("eq of a text with quotes", "label = 'say \"hi\"'"),
                where("eq of a text in parentheses", "label = '(brackets)'"),
                where("eq of a text with a backslash", "label = 'back\\slash'"),
                where("eq of a text with a line break", "label = E'line\\nbreak'"),
                where("eq of a text with spaces around it", "label = '  spaced  '"),
                where("eq of a text that means something in a URL", "label = '#hash&amp=1+2%20'"),
                where("eq of a text with dots", "label = 'a.b.c'"),
                where("eq of a Japanese text", "label = '日本語'"),
                where("eq of a text beyond the basic plane", "label = 'fox 🦊'"),
                where("eq of the empty text", "label = ''"),
                where("eq of the word null", "label = 'null'"),
                where("eq of a numeric of another scale", "amount = 1.5"),
                where("eq of a double", "ratio = 2.5e-7"),
                where("eq of a boolean", "done = true"),
                where("eq of a date", "day = '2024-02-29'"),
                where("eq of a timestamptz in another zone", "at = '2024-02-29T11:30:00+05:30'"),
                where("eq of a uuid in capitals", "token = '0b8f1c52-7a6e-4c1d-9f00-00000000000c'"),
                where("neq leaves out null", "kind <> 'fruit'"),
                where("gt of a numeric", "amount > 10"),
                where("gt of a text", "label > 'beta'"),
                where("gte of a date", "day >= '2024-03-05'"),
                where("lt of a double", "ratio < 0"),
                where("lte of a timestamptz", "at <= '2024-02-05T08:00:00Z'"),
                where("several filters of one column", "id > 3 AND id <= 9 AND id <> 5"),
                where("filters of several columns", "kind = 'tool' AND done IS TRUE AND id > 5"),
                where("match of an object", "kind = 'animal' AND done = false"),
                where("filter with any of an array", "id = ANY ('{4,2,99}')"),
                where("filter with all of an array", "id > ALL ('{4,28,9}')"));
    }

    @TestFactory
    Stream<DynamicTest> patternsFindWhatSqlFinds() {
        return Stream.of(
                where("like with percent", "label LIKE 'alpha%'"),
                where("like with an asterisk", "label LIKE 'alpha%'"),
                where("like with an underscore", "label LIKE 'bet_'"),
                where("like with an escaped underscore", "position('_' IN label) > 0"),
                where("ilike", "label ILIKE 'ALPHA%'"),
                where("ilike of letters that are not ASCII", "label ILIKE 'ÜNÏ%'"),
                where("likeAllOf", "label LIKE 'alpha%' AND label LIKE '%bet'"),
                where("likeAnyOf", "label LIKE 'beta' OR label LIKE '%amma' OR label LIKE 'ALPHA'"),
                where("ilikeAllOf", "label ILIKE 'AL%' AND label ILIKE '%PHA'"),
                where("ilikeAnyOf", "label ILIKE 'BETA' OR label ILIKE 'alpha' OR label ILIKE 'O%'"),
                where("match as a filter", "label ~ '^[a-c].*a$'"),
                where("imatch as a filter", "label ~* '^alpha'"),
                where("regexMatch with parentheses and commas", "label ~ '^(a|b)(,|e)b?'"),
                where("regexIMatch", "label ~* '^ALPHA$'"));
    }

    @TestFactory
    Stream<DynamicTest> listsAndNullsFindWhatSqlFinds() {
        return Stream.of(
                where("is null", "label IS NULL"),
                where("is null of a number", "amount IS NULL"),
                where("is true", "done IS TRUE"),
                where("is false", "done IS FALSE"),
                where("is unknown", "done IS UNKNOWN"),
                where("not is null", "kind IS NOT NULL"),
                where("not is true", "done IS NOT TRUE"),
                where("in of numbers", "id IN (3, 1, 99)"),
                where("in of texts with commas and parentheses", "label IN ('a,b', '(brackets)', '(a,b)', 'beta')"),
                where("in of a text with quotes", "label IN ('say \"hi\"', 'zeta')"),
                where("in of escaped quotes beside a comma", "label IN ('quote\"comma,(paren)', 'zeta')"),
                where("in of a backslash", "label IN ('back\\slash', 'zeta')"),
                where("in of an escaped backslash in quotes", "label IN ('back\\slash', 'say \"hi\"')"),
                where("in of the empty text", "label IN ('', 'zeta')"),
                noRows("in of nothing"),
                where("in of dates", "day IN ('2024-02-29', '2024-03-01')"),
                where(
                        "in of uuids",
                        "token IN ('0b8f1c52-7a6e-4c1d-9f00-00000000000c', '0b8f1c52-7a6e-4c1d-9f00-00000000001f')"),
                ids("notIn", "kind NOT IN ('fruit', 'tool')"),
                ids("not in", "label NOT IN ('a,b', 'alpha', '(a,b)')"),
                ids("isDistinct of a text", "kind IS DISTINCT FROM 'fruit'"),
                ids("isDistinct of a boolean", "done IS DISTINCT FROM true"));
    }

    @TestFactory
    Stream<DynamicTest> textSearchFindsWhatSqlFinds() {
        return Stream.of(
                searched("textSearch", "to_tsvector(body) @@ to_tsquery('apple & tree')"),
                searched("textSearch with or and not", "to_tsvector(body) @@ to_tsquery('(cat | dog) & !sleep')"),
                searched("textSearch plain", "to_tsvector(body) @@ plainto_tsquery('tree apple')"),
                searched("textSearch phrase", "to_tsvector(body) @@ phraseto_tsquery('red apple')"),
                searched(
                        "textSearch websearch",
                        "to_tsvector(body) @@ websearch_to_tsquery('\"red apple\" or dog -cat')"),
                searched(
                        "textSearch with a configuration",
                        "to_tsvector('english', body) @@ to_tsquery('english', 'falling')"),
                searched(
                        "textSearch with the simple configuration",
                        "to_tsvector('simple', body) @@ to_tsquery('simple', 'falling')"),
                searched(
                        "textSearch plain with a configuration",
                        "to_tsvector('english', body) @@ plainto_tsquery('english', 'sleeping dogs')"),
                ids("not textSearch", "NOT to_tsvector('english', body) @@ to_tsquery('english', 'apple')"));
    }

    @TestFactory
    Stream<DynamicTest> treesFindWhatSqlFinds() {
        return Stream.of(
                ids("not eq leaves out null", "NOT kind = 'fruit'"),
                ids("not like", "label NOT LIKE '%a%'"),
                ids("filter with not", "NOT id >= 5"),
                where("or", "id = 2 OR label = 'zeta'"),
                where("or of texts in quotes", "label IN ('a,b', 'say \"hi\"', '(a,b)', 'beta')"),
                where("or with and within", "id < 3 OR kind = 'tool' AND (done IS TRUE OR amount > 20)"),
                ids("or with not and within", "id = 1 OR NOT (kind IN ('fruit', 'tool') AND id < 25)"),
                ids("or with not of a condition", "kind IS NOT NULL OR label NOT LIKE '%a%'"),
                ids("or with any of an array", "id IN (1, 2) OR label LIKE 'be%' OR label LIKE 'ga%'"),
                ids("two ors are both true", "kind IN ('fruit', 'tool') AND (done IS TRUE OR id > 20)"),
                ids("or beside a filter", "(kind IS NULL OR kind = 'animal') AND id > 10"));
    }

    @TestFactory
    Stream<DynamicTest> outputsAreThoseOfSql() {
        return Stream.of(
                where("all columns and no others", "true"),
                rows("select of a few columns", "SELECT label, id FROM t WHERE id < 8 ORDER BY _row"),
                rows("select with an alias", "SELECT id AS number, label FROM t WHERE id < 4 ORDER BY _row"),
                rows(
                        "select with a cast",
                        "SELECT id::text, amount::text, done::text, at::date FROM t WHERE id <= 10 ORDER BY _row"),
                rows(
                        "select with an alias and a cast",
                        "SELECT big::text AS exact, big AS approximate, id FROM t WHERE id < 5 ORDER BY _row"),
                rows("select of one column twice", "SELECT id AS a, id AS b FROM t WHERE id < 3 ORDER BY _row"),
                rows("select of all and one more", "SELECT " + COLUMNS + ", label AS again FROM t WHERE id = 2"),
                rows("select of a name in quotes", "SELECT label, id AS \"my id\" FROM t WHERE id = 2"),
                rows("select of the row number", "SELECT _row, id FROM t WHERE id > 30 ORDER BY _row"),
                dynamicTest("nulls are stripped", answer -> {
                    assertSuccess(answer, 200);
                    assertThat(data(answer))
                            .contains("null") // the word, which is a text
                            .isEqualTo(lines(value("SELECT json_strip_nulls(json_agg(r)) FROM (SELECT " + COLUMNS
                                    + " FROM t WHERE id IN (6, 7, 15) ORDER BY _row) AS r")));
                }));
    }

    @TestFactory
    Stream<DynamicTest> aggregatesAreThoseOfSql() {
        return Stream.of(
                rows("count of all rows", "SELECT count(*) FROM t"),
                rows("count of no row", "SELECT count(*) FROM t WHERE id = 99"),
                rows("count of a column leaves out null", "SELECT count(label) FROM t"),
                rows("sum avg min and max", "SELECT sum(id), avg(id), min(day) AS first, max(day) AS last FROM t"),
                rows(
                        "aggregates by group",
                        "SELECT kind, count(*), sum(amount), avg(amount), min(ratio), max(at) FROM t"
                                + " GROUP BY kind ORDER BY kind"),
                rows(
                        "aggregates by two columns",
                        "SELECT kind, done, count(*) AS n FROM t GROUP BY kind, done ORDER BY kind, done NULLS FIRST"),
                rows(
                        "aggregates of filtered rows",
                        "SELECT kind, sum(amount) AS total FROM t WHERE id > 10 GROUP BY kind ORDER BY kind DESC"),
                rows(
                        "aggregates with casts",
                        "SELECT kind, max(id::text) AS last, sum(amount)::text AS total FROM t"
                                + " GROUP BY kind ORDER BY kind"),
                rows("groups of a cast", "SELECT at::date AS day, count(*) FROM t WHERE id > 12 GROUP BY 1 ORDER BY 1"),
                rows("a page of groups", "SELECT kind, count(*) FROM t GROUP BY kind ORDER BY kind LIMIT 2 OFFSET 1"));
    }

    @TestFactory
    Stream<DynamicTest> orderAndPagesAreThoseOfSql() {
        String all = "SELECT " + COLUMNS + " FROM t ORDER BY _row ";
        return Stream.of(
                rows("order ascending", "SELECT id, label FROM t ORDER BY label, _row"),
                rows("order descending", "SELECT id, amount FROM t ORDER BY amount DESC, _row"),
                rows("order with nulls first", "SELECT id, amount FROM t ORDER BY amount NULLS FIRST, _row"),
                rows("order descending with nulls last", "SELECT id, day FROM t ORDER BY day DESC NULLS LAST, _row"),
                rows("order by several columns", "SELECT id, kind, done FROM t ORDER BY kind, done DESC, id DESC"),
                rows("order by a column that is not selected", "SELECT label FROM t ORDER BY id DESC"),
                rows("limit", all + "LIMIT 3"),
                noRows("limit of nothing"),
                rows("range", all + "LIMIT 5 OFFSET 5"),
                rows("range over the end", all + "OFFSET 30"),
                noRows("range behind the end"),
                rows("range of ordered rows", "SELECT id, ratio FROM t ORDER BY ratio DESC, _row LIMIT 10 OFFSET 3"),
                rows("offset", "SELECT id FROM t ORDER BY _row OFFSET 27"));
    }

    @TestFactory
    Stream<DynamicTest> oneRowIsAnObject() {
        String fifth = "SELECT " + COLUMNS + " FROM t WHERE id = 5";
        return Stream.of(
                one("single of one row", fifth),
                one("single of the first row", "SELECT id, label FROM t ORDER BY id DESC LIMIT 1"),
                dynamicTest("single without nulls", answer -> {
                    assertSuccess(answer, 200);
                    assertThat(data(answer))
                            .isEqualTo(lines(value("SELECT json_strip_nulls(row_to_json(r)) FROM (SELECT " + COLUMNS
                                    + " FROM t WHERE id = 7) AS r")));
                }),
                one("single of an aggregate", "SELECT count(*) FROM t"),
                mistake("single of none", 406, "PGRST116"),
                mistake("single of many", 406, "PGRST116"),
                one("maybeSingle of one row", fifth),
                nothing("maybeSingle of none"),
                mistake("maybeSingle of many", 406, "PGRST116"));
    }

    @TestFactory
    Stream<DynamicTest> csvIsTheTextOfTheRows() {
        return Stream.of(
                csv("csv", """
                        id,label,amount,done,day,at,token
                        1,alpha,-3.00,false,2024-02-09,2024-02-09 05:00:00+00,0b8f1c52-7a6e-4c1d-9f00-000000000001
                        2,"a,b",20.25,true,2024-02-19,2024-02-20 12:00:00+00,0b8f1c52-7a6e-4c1d-9f00-000000000002
                        3,"say ""hi""\",,,2024-02-29,2024-02-28 19:00:00+00,0b8f1c52-7a6e-4c1d-9f00-000000000003
                        6,"",10.00,,2024-02-22,2024-02-21 16:00:00+00,0b8f1c52-7a6e-4c1d-9f00-000000000006
                        7,,7,true,2024-03-03,2024-03-02 23:00:00+00,0b8f1c52-7a6e-4c1d-9f00-000000000007
                        24,"line
                        break",20.25,,2024-02-17,2024-02-15 22:00:00+00,0b8f1c52-7a6e-4c1d-9f00-000000000018
                        """),
                csv("csv of no row", "id,text\n"),
                csv("csv of aggregates", "kind,count\nanimal,7\nfruit,12\ntool,6\n,7\n"));
    }

    @Test
    void thePlannerTakesTheCountedRowsForMoreThanTheyAre() {
        assertThat(plannedRows(MISJUDGED)).isGreaterThan(number("SELECT count(*) FROM t WHERE " + MISJUDGED));
    }

    @TestFactory
    Stream<DynamicTest> countsAreThoseOfSql() {
        String ids = "SELECT id FROM t ";
        String misjudged = ids + "WHERE " + MISJUDGED + " ORDER BY _row";
        return Stream.of(
                counted("count exact", 200, ids + "ORDER BY _row", "true"),
                counted("count exact of filtered rows", 200, misjudged, MISJUDGED),
                counted("count exact of a page", 206, ids + "WHERE id > 4 ORDER BY _row LIMIT 5 OFFSET 5", "id > 4"),
                counted("count exact of the last page", 206, ids + "ORDER BY _row OFFSET 30", "true"),
                counted("count exact of no row", 200, ids + "WHERE id = 99", "id = 99"),
                dynamicTest("count exact of groups", answer -> {
                    assertRows(answer, 200, "SELECT kind, count(*) FROM t GROUP BY kind ORDER BY kind");
                    assertCount(answer, number("SELECT count(*) FROM (SELECT DISTINCT kind FROM t) AS k"));
                }),
                dynamicTest("count planned", answer -> {
                    assertRows(answer, 200, ids + "ORDER BY _row");
                    assertCount(answer, plannedRows("true"));
                }),
                dynamicTest("count planned of filtered rows", answer -> {
                    assertRows(answer, 206, misjudged);
                    assertCount(answer, plannedRows(MISJUDGED));
                }),
                counted("count estimated", 200, ids + "ORDER BY _row", "true"),
                counted("count estimated of filtered rows", 200, misjudged, MISJUDGED),
                headed("head with count exact", "true"),
                headed("head with count exact of filtered rows", MISJUDGED),
                dynamicTest("head with count planned of filtered rows", answer -> {
                    assertSuccess(answer, 206);
                    assertCount(answer, plannedRows(MISJUDGED));
                    assertThat(answer.get("data").isNull()).isTrue();
                }),
                headed("head with count estimated of filtered rows", MISJUDGED),
                nothing("head without a count"),
                dynamicTest("single with a count", answer -> {
                    assertSuccess(answer, 200);
                    assertThat(data(answer)).isEqualTo(json("SELECT id FROM t WHERE id = 5"));
                    assertCount(answer, 1);
                }),
                mistake("count exact of a range behind the end", 416, "PGRST103"));
    }

    @TestFactory
    Stream<DynamicTest> versionsAreReadByNumber() {
        return Stream.of(
                rows("the current version", "SELECT n, v FROM second ORDER BY _row"),
                rows("the first version", "SELECT n, v FROM first ORDER BY _row"),
                dynamicTest("the second version", answer -> {
                    assertRows(answer, 200, "SELECT n FROM second WHERE n > 1 ORDER BY _row");
                    assertCount(answer, number("SELECT count(*) FROM second WHERE n > 1"));
                }));
    }

    @TestFactory
    Stream<DynamicTest> mistakesAreToldAsPostgrestTellsThem() {
        return Stream.of(
                mistake("an unknown column in select", 400, "42703"),
                mistake("an unknown column in a filter", 400, "42703"),
                mistake("an unknown column in order", 400, "42703"),
                mistake("an unknown column in or", 400, "42703"),
                mistake("a value that is no bigint", 400, "22P02"),
                mistake("a value that is no uuid", 400, "22P02"),
                mistake("a value that is no boolean", 400, "22P02"),
                mistake("a value of in that is no bigint", 400, "22P02"),
                mistake("a bigint out of range", 400, "22003"),
                mistake("a date that is none", 400, "22008"),
                mistake("an unknown operator", 400, "PGRST100"),
                mistake("an unknown operator in or", 400, "PGRST100"),
                mistake("an or that is not closed", 400, "PGRST100"),
                mistake("is of a word that is none", 400, "PGRST100"),
                mistake("an unknown type of a cast", 400, "42704"),
                mistake("a text operator of a number", 404, "42883"),
                mistake("a regular expression that is none", 400, "2201B"),
                mistake("a relationship", 400, "PGRST200"),
                mistake("an unknown dataset", 404, "DATASET_NOT_FOUND"),
                mistake("an unknown version", 404, "VERSION_NOT_FOUND"),
                mistake("an unknown key", 401, "KEY_INVALID"));
    }

    @TestFactory
    Stream<DynamicTest> theOtherClientGetsTheSame() {
        return Stream.of(
                rows("supabase: select", "SELECT id, label FROM t WHERE kind = 'animal' ORDER BY id DESC"),
                where("supabase: or", "label = 'a,b' OR id > 30 AND done"),
                counted("supabase: a page with a count", 206, "SELECT id FROM t ORDER BY id LIMIT 5 OFFSET 10", "true"),
                headed("supabase: head", "label IS NOT NULL"),
                rows("supabase: aggregates", "SELECT kind, sum(amount) FROM t GROUP BY kind ORDER BY kind"),
                one(
                        "supabase: single",
                        "SELECT " + COLUMNS + " FROM t WHERE token = '0b8f1c52-7a6e-4c1d-9f00-00000000000c'"),
                nothing("supabase: maybeSingle of none"),
                csv("supabase: csv", "id,label\n1,alpha\n2,\"a,b\"\n3,\"say \"\"hi\"\"\"\n"),
                rows("supabase: the first version", "SELECT n, v FROM first ORDER BY _row"),
                mistake("supabase: an unknown column", 400, "42703"));
    }

    /** A call and what is to be said of its answer. */
    private static DynamicTest dynamicTest(String call, Consumer<JsonNode> says) {
        return DynamicTest.dynamicTest(call, () -> {
            assertThat(ANSWERS).containsKey(call);
            says.accept(ANSWERS.get(call));
        });
    }

    private static DynamicTest rows(String call, String sql) {
        return dynamicTest(call, answer -> {
            assertRows(answer, 200, sql);
            assertThat(answer.get("data")).as("rows, or the call shows nothing").isNotEmpty();
            assertThat(answer.get("count").isNull()).isTrue();
        });
    }

    /** All columns of the rows for which a condition is true. */
    private static DynamicTest where(String call, String condition) {
        return rows(call, "SELECT " + COLUMNS + " FROM t WHERE " + condition + " ORDER BY _row");
    }

    private static DynamicTest ids(String call, String condition) {
        return rows(call, "SELECT id FROM t WHERE " + condition + " ORDER BY _row");
    }

    private static DynamicTest searched(String call, String condition) {
        return rows(call, "SELECT id, body FROM t WHERE " + condition + " ORDER BY _row");
    }

    private static DynamicTest noRows(String call) {
        return dynamicTest(call, answer -> {
            assertSuccess(answer, 200);
            assertThat(answer.get("data").toString()).isEqualTo("[]");
        });
    }

    /** The only row of a query. */
    private static DynamicTest one(String call, String sql) {
        return dynamicTest(call, answer -> {
            assertSuccess(answer, 200);
            assertThat(answer.get("data").isObject()).isTrue();
            assertThat(data(answer)).isEqualTo(json(sql));
        });
    }

    /** No data, and no mistake. */
    private static DynamicTest nothing(String call) {
        return dynamicTest(call, answer -> {
            assertSuccess(answer, 200);
            assertThat(answer.get("data").isNull()).isTrue();
            assertThat(answer.get("count").isNull()).isTrue();
        });
    }

    private static DynamicTest csv(String call, String text) {
        return dynamicTest(call, answer -> {
            assertSuccess(answer, 200);
            assertThat(answer.path("text").asText()).isEqualTo(text);
        });
    }

    /** @param condition of all rows there are */
    private static DynamicTest counted(String call, int status, String sql, String condition) {
        return dynamicTest(call, answer -> {
            assertRows(answer, status, sql);
            assertCount(answer, number("SELECT count(*) FROM t WHERE " + condition));
        });
    }

    /** A count without rows. */
    private static DynamicTest headed(String call, String condition) {
        return dynamicTest(call, answer -> {
            assertSuccess(answer, 200);
            assertThat(answer.get("data").isNull()).isTrue();
            assertCount(answer, number("SELECT count(*) FROM t WHERE " + condition));
        });
    }

    private static DynamicTest mistake(String call, int status, String code) {
        return dynamicTest(call, answer -> {
            assertThat(answer.get("status").asInt()).as(answer.toString()).isEqualTo(status);
            assertThat(answer.get("error").path("code").asText())
                    .as(answer.toString())
                    .isEqualTo(code);
            assertThat(answer.get("error").path("message").asText())
                    .as(answer.toString())
                    .isNotBlank();
            assertThat(answer.get("data").isNull()).isTrue();
        });
    }

    private static void assertRows(JsonNode answer, int status, String sql) {
        assertSuccess(answer, status);
        assertThat(data(answer)).isEqualTo(json(sql));
    }

    private static void assertSuccess(JsonNode answer, int status) {
        assertThat(answer.get("error").isNull()).as(answer.toString()).isTrue();
        assertThat(answer.get("status").asInt()).isEqualTo(status);
    }

    private static void assertCount(JsonNode answer, long count) {
        assertThat(answer.get("count").toString()).as("count").isEqualTo(Long.toString(count));
    }

    private static String data(JsonNode answer) {
        return lines(answer.path("data").toString());
    }

    /** The rows of a query. */
    private static String json(String sql) {
        return lines(value("SELECT coalesce(json_agg(r), '[]') FROM (" + sql + ") AS r"));
    }

    private static long number(String sql) {
        return Long.parseLong(value(sql));
    }

    private static long plannedRows(String condition) {
        return tree(value("EXPLAIN (FORMAT JSON) ", "SELECT 1 FROM t WHERE " + condition))
                .at("/0/Plan/Plan Rows")
                .asLong();
    }

    private static String value(String sql) {
        return value("", sql);
    }

    private static String value(String before, String sql) {
        try (Statement statement = database.createStatement();
                ResultSet result = statement.executeQuery(before + tables + sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** A row a line, its members in their order, its numbers as JavaScript has them. */
    private static String lines(String json) {
        JsonNode tree = tree(json);
        StringBuilder lines = new StringBuilder();
        (tree.isArray() ? tree : JSON.createArrayNode().add(tree))
                .forEach(row -> lines.append(row == null ? "" : doubles(row)).append('\n'));
        return lines.toString().strip();
    }

    private static JsonNode doubles(JsonNode node) {
        if (node.isNumber()) {
            return DoubleNode.valueOf(node.doubleValue());
        }
        if (node.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            node.forEach(member -> array.add(doubles(member)));
            return array;
        }
        if (node.isObject()) {
            ObjectNode object = JSON.createObjectNode();
            node.properties().forEach(member -> object.set(member.getKey(), doubles(member.getValue())));
            return object;
        }
        return node;
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
