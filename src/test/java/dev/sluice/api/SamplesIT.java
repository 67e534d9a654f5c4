package dev.sluice.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Client;
import dev.sluice.harness.Service;
import dev.sluice.harness.Shared;
import dev.sluice.harness.Sql;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown before an upload is what the upload makes of it. */
class SamplesIT {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final Map<String, String> WHOLE = Map.of("complete", "true");
    private static final List<String> OF_A_COLUMN = List.of("name", "label", "type", "format", "nullToken", "ruledOut");

    private static JsonPath look(byte[] content, Map<String, ?> options) {
        Response response = Api.sample(content, options);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return response.jsonPath();
    }

    private static JsonPath look(String content) {
        return look(content.getBytes(UTF_8), WHOLE);
    }

    private static JsonPath problem(byte[] content, Map<String, ?> options, int status, String code) {
        Response response = Api.sample(content, options);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).isEqualTo("application/problem+json");
        assertThat(response.jsonPath().getString("code")).isEqualTo(code);
        return response.jsonPath();
    }

    /** What a sample and a version both say. */
    private static void assertAgree(JsonPath sample, JsonPath version) {
        for (String each : List.of("format", "encoding", "dialect")) {
            assertThat(sample.<Object>get(each)).isEqualTo(version.get(each));
        }
        for (String each : OF_A_COLUMN) {
            assertThat(sample.<Object>getList("columns." + each))
                    .as(each)
                    .isEqualTo(version.getList("columns." + each));
        }
        assertThat(sample.<Map<String, ?>>getList("columns"))
                .allSatisfy(c -> assertThat(c.keySet()).containsExactlyInAnyOrderElementsOf(OF_A_COLUMN));
    }

    static Stream<String> smallFiles() {
        return Tables.FILES.stream().filter(file -> Tables.file(file).length <= MAX_BYTES);
    }

    @ParameterizedTest
    @MethodSource("smallFiles")
    void wholeFileIsShownAsItIsLoaded(String file) {
        byte[] content = Tables.file(file);
        JsonPath version = Api.put(Api.newName(), content, Map.of()).jsonPath();

        JsonPath sample = look(content, WHOLE);

        assertAgree(sample, version);
        List<List<String>> cells =
                Tables.cells(content, sample.getString("dialect.delimiter").charAt(0));
        List<String> nullTokens = sample.getList("columns.nullToken");
        List<List<String>> expected = cells.subList(1, 21).stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(c -> isNull(row.get(c), nullTokens.get(c)) ? null : row.get(c))
                        .toList())
                .toList();
        assertThat(sample.<List<String>>getList("rows")).isEqualTo(expected);
        assertThat(sample.getList("rejects")).isEmpty();
    }

    private static boolean isNull(String cell, String nullToken) {
        return cell.equals(nullToken == null ? "" : nullToken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"birdstrikes.csv", "zipcodes.csv"})
    void firstMegabyteOfALargerFileIsShownAsAllOfItIsLoaded(String file) {
        byte[] content = Tables.file(file);
        JsonPath version = Api.put(Api.newName(), content, Map.of()).jsonPath();

        JsonPath sample = look(Arrays.copyOf(content, MAX_BYTES), Map.of());

        assertAgree(sample, version);
        assertThat(sample.getList("rows")).hasSize(20);
    }

    static Stream<Map<String, String>> options() {
        return Stream.of(
                Map.of("delimiter", ";"),
                Map.of("delimiter", ";", "quote", "'"),
                Map.of("format", "tsv"),
                Map.of("delimiter", ";", "types", "b:date,c:bigint", "dateOrder", "mdy"),
                Map.of("delimiter", ";", "types", "values", "index", "a"),
                Map.of("delimiter", ";", "dateOrder", "dmy"));
    }

    @ParameterizedTest
    @MethodSource("options")
    void optionsMeanWhatTheyMeanToAnUpload(Map<String, String> options) {
        byte[] content = "a;b;c\n007;01/02/2024;'1;2'\n+5;03/04/2024;x\nNA;;\n5;6\n".getBytes(UTF_8);
        String name = Api.newName();
        JsonPath version = Api.put(name, content, options).jsonPath();

        JsonPath sample = look(
                content,
                Stream.of(options, WHOLE)
                        .flatMap(o -> o.entrySet().stream())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));

        assertAgree(sample, version);
        JsonPath rejects =
                Api.get("/v1/datasets/" + name + "/versions/1/rejects").jsonPath();
        assertThat(sample.getList("rejects")).isEqualTo(rejects.getList("items"));
    }

    static Stream<String> cutFiles() {
        return Stream.of(
                "a,b\r\n1,x\r\n2,y\r\n",
                "a,b\n1,x\n2,\"y, \"\"z\"\"\r\nnext\"\n",
                "a\tb\n1\tx\n2\t東京💧é\n",
                "\uFEFFa;b\r1;x\r2;'y'\r",
                "a|b\n1|x\n2|\"\"\n");
    }

    @ParameterizedTest
    @MethodSource("cutFiles")
    void recordThatIsCutIsLeftOutWhereverItIs(String file) {
        byte[] content = file.getBytes(UTF_8);
        int firstEnds = file.substring(0, file.indexOf("x") + 2).getBytes(UTF_8).length;
        int secondEnds = content.length - (file.endsWith("\r\n") ? 1 : 0);

        for (int cut = firstEnds; cut <= content.length; cut++) {
            JsonPath sample = look(Arrays.copyOf(content, cut), Map.of());

            assertThat(sample.<String>getList("rows.collect { it[0] }"))
                    .as("%d bytes", cut)
                    .isEqualTo(cut < secondEnds ? List.of("1") : List.of("1", "2"));
            assertThat(sample.getList("rejects")).isEmpty();
        }
    }

    @Test
    void wholeFileEndsItsLastRecordItselfOrIsWrong() {
        assertThat(look("a,b\n1,x").getList("rows")).containsExactly(List.of("1", "x"));
        problem("a,b\n1,\"x".getBytes(UTF_8), WHOLE, 422, "QUOTE_UNTERMINATED");
        problem(Arrays.copyOf("a,b\n1,é".getBytes(UTF_8), 7), WHOLE, 422, "TEXT_INVALID");
        assertThat(look("a,b\n1,\"x".getBytes(UTF_8), Map.of("complete", "false"))
                        .getList("rows"))
                .isEmpty();
    }

    @Test
    void whatCouldNotBeLoadedIsRefusedAsAnUploadOfItIs() throws IOException {
        problem(new byte[0], Map.of(), 422, "BODY_EMPTY");
        problem("\n\n".getBytes(UTF_8), Map.of(), 422, "BODY_EMPTY");
        problem("a,b".getBytes(UTF_8), Map.of(), 422, "HEADER_INVALID");
        problem("a,\"b\n1,2\n".getBytes(UTF_8), Map.of(), 422, "HEADER_INVALID");
        problem(new byte[] {'P', 'K', 3, 4, 0, 0, 0}, Map.of(), 422, "NOT_A_TABLE");
        JsonPath latin = problem("a,b\nx,é\n".getBytes(ISO_8859_1), Map.of(), 422, "TEXT_INVALID");
        assertThat(latin.getInt("byte")).isEqualTo(6);
        problem((header(1600) + "\n").getBytes(UTF_8), Map.of(), 422, "TOO_MANY_COLUMNS");
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write("a,b\n1,2\n".getBytes(UTF_8));
        }
        assertThat(problem(zipped.toByteArray(), Map.of(), 422, "NOT_A_TABLE").getString("detail"))
                .startsWith("This is a file compressed with gzip.");
    }

    @Test
    void optionsThatAreNoneAreRefused() {
        byte[] content = "a,b\n01/02/2024,2\n".getBytes(UTF_8);
        for (Map<String, ?> options : List.<Map<String, ?>>of(
                Map.of("nope", 1),
                Map.of("complete", "yes"),
                Map.of("complete", ""),
                Map.of("complete", List.of("true", "true")),
                Map.of("types", "a:nope"),
                Map.of("types", "nope:text"),
                Map.of("types", "a:date"),
                Map.of("index", "nope"),
                Map.of("delimiter", ",,"))) {
            problem(content, options, 400, "OPTION_INVALID");
        }
        assertThat(Api.put(Api.newName(), content, WHOLE).statusCode()).isEqualTo(400);
    }

    @Test
    void cellsAreShownAsTheyAreAndShortened() {
        String rtl = "\u202Etxt.exe\u202C \u200F\uFEFF";
        String html = "<img src=x onerror=alert(1)>&amp;";

        JsonPath sample = look("\u202Elabel,<b>\n" + rtl + "," + html + "\n" + "x".repeat(10_000) + ",=1+1\n");

        assertThat(sample.getList("rows")).containsExactly(List.of(rtl, html), List.of("x".repeat(200) + "…", "=1+1"));
        assertThat(sample.getList("columns.label")).containsExactly("\u202Elabel", "<b>");
        assertThat(sample.getList("columns.name")).containsExactly("label", "b");
    }

    @Test
    void widestTableIsShown() {
        String row = "7" + ",".repeat(1598);
        JsonPath sample = look(header(1599) + "\n" + (row + "\n").repeat(500));

        assertThat(sample.getList("columns")).hasSize(1599);
        assertThat(sample.<List<String>>getList("rows"))
                .hasSize(20)
                .allSatisfy(cells -> assertThat(cells).hasSize(1599));
    }

    @Test
    void quotedCellOfAMegabyteIsShortenedAndOneThatGoesOnIsLeftOut() {
        String head = "a,b\n1,x\n2,\"";
        String large = "\"\"\n".repeat((MAX_BYTES - head.length() - 2) / 3);
        byte[] open = (head + large).getBytes(UTF_8);

        assertThat(look(head + large + "\"\n").<List<String>>getList("rows"))
                .containsExactly(List.of("1", "x"), List.of("2", "\"\n".repeat(100) + "…"));
        assertThat(look(open, Map.of()).getList("rows")).containsExactly(List.of("1", "x"));
        problem(open, WHOLE, 422, "QUOTE_UNTERMINATED");
    }

    @Test
    void rejectsSayWhatALoadWouldKeepOut() {
        JsonPath sample =
                look("a,b\n1,2\n3\nx,4\n5,6,7\n".getBytes(UTF_8), Map.of("types", "a:bigint", "onBadRow", "fail"));

        assertThat(sample.<List<String>>getList("rows")).containsExactly(List.of("1", "2"), Arrays.asList(null, "4"));
        assertThat(sample.getList("rejects.row")).containsExactly(2, 3, 4);
        assertThat(sample.getList("rejects.column")).isEqualTo(Arrays.asList(null, "a", null));
        assertThat(sample.getList("rejects.raw")).containsExactly("3", "x", "5,6,7");
        assertThat(sample.getList("rejects.reason"))
                .containsExactly("too_few_fields", "not_of_type", "too_many_fields");
        assertThat(look(("a,b\n" + "1\n".repeat(100_000)).getBytes(UTF_8), Map.of("maxRejectShare", "1"))
                        .getList("rejects.row"))
                .isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
    }

    @Test
    void largerBodyIsRefusedByItsLengthAndWithoutOne() {
        String most = "a\n" + "1\n".repeat(MAX_BYTES / 2 - 1);
        String more = most + "\n";

        look(most);
        problem(more.getBytes(UTF_8), WHOLE, 413, "BODY_TOO_LARGE");
        try (Client chunked = Client.to(Shared.service())) {
            chunked.send("POST /v1/samples HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .chunk(more); // and waits
            assertThat(chunked.readAll()).startsWith("HTTP/1.1 413").contains("BODY_TOO_LARGE");
        }
    }

    /** Together they are more than the processes have memory for at once. */
    @ParameterizedTest
    @ValueSource(strings = {"1,2\n", "\"\u0001\",é\n", "1\n"})
    void manyAtOnceAreAllLookedAt(String row) throws InterruptedException {
        byte[] content = ("a,b\n" + row.repeat((MAX_BYTES - 4) / row.getBytes(UTF_8).length)).getBytes(UTF_8);
        Queue<Object> answers = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clients.add(Thread.startVirtualThread(() -> {
                HttpResponse<String> answer =
                        Service.send(HttpRequest.newBuilder(Shared.service().uri("/v1/samples"))
                                .POST(BodyPublishers.ofByteArray(content))
                                .build());
                answers.add(answer.statusCode() == 503 ? "busy" : answer.statusCode());
            }));
        }
        for (Thread client : clients) {
            client.join();
        }

        assertThat(answers).hasSize(40).isSubsetOf(200, "busy").contains(200);
        look("a\n1\n");
    }

    @Test
    void nothingIsStored() {
        String stored = "SELECT (SELECT count(*) FROM sluice.ingest) || ' ' || (SELECT count(*) FROM sluice.dataset)"
                + " || ' ' || (SELECT count(*) FROM pg_class WHERE relkind = 'r')";
        List<String> before = Sql.query(stored);

        look("a,b\n1,2\n");

        assertThat(Sql.query(stored)).isEqualTo(before);
    }

    private static String header(int columns) {
        return String.join(
                ",", IntStream.range(0, columns).mapToObj(i -> "c" + i).toList());
    }

    @Test
    void answerIsExactlyThis() {
        String body = "zip,seen\n00501,31.01.2024\n,01.02.2024\n1\n";

        assertThat(Api.sample(body.getBytes(UTF_8), Map.of()).asString())
                .isEqualTo("{\"format\":\"csv\",\"encoding\":\"UTF-8\","
                        + "\"dialect\":{\"delimiter\":\",\",\"quote\":\"\\\"\",\"escape\":\"\\\"\",\"header\":true},"
                        + "\"columns\":[{\"name\":\"zip\",\"label\":\"zip\",\"type\":\"text\",\"format\":null,"
                        + "\"nullToken\":null,\"ruledOut\":[{\"type\":\"bigint\",\"row\":1,\"value\":\"00501\"}]},"
                        + "{\"name\":\"seen\",\"label\":\"seen\",\"type\":\"date\",\"format\":\"dd.MM.yyyy\","
                        + "\"nullToken\":null,\"ruledOut\":[]}],"
                        + "\"rows\":[[\"00501\",\"31.01.2024\"],[null,\"01.02.2024\"]],"
                        + "\"rejects\":[{\"row\":3,\"column\":null,\"raw\":\"1\",\"reason\":\"too_few_fields\"}]}");
    }
}
