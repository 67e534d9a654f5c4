package dev.sluice.platform.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as bytes, because no HTTP library sends them; to a process itself, because a balancer would answer some of them. */
class RefusalsIT {
    private static final String NAME = "refusals";
    private static final String HOST = "Host: localhost\r\n";

    private static Service service;

    @BeforeAll
    static void load() {
        service = Service.start("web", Servers.migratedDatabase()).awaitReady();
        upload("""
                        id,name
                        1,{a}
                        2,New|York
                        3,x^y
                        4,"<""q"">"
                        5,back\\slash
                        6,`tick`
                        7,Zoë
                        """);
    }

    private static void upload(String table) {
        HttpRequest upload = HttpRequest.newBuilder(service.uri("/v1/datasets/" + NAME))
                .PUT(HttpRequest.BodyPublishers.ofString(table))
                .build();
        assertThat(Service.send(upload).statusCode()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** An answer, which was framed by its length and followed by nothing. */
    private record Answer(String head, String body) {
        static Answer of(String received) {
            int end = received.indexOf("\r\n\r\n");
            assertThat(end).as(received).isPositive();
            Answer answer = new Answer(received.substring(0, end + 2), received.substring(end + 4));
            assertThat(answer.header("content-length"))
                    .isEqualTo(Integer.toString(answer.body().getBytes(UTF_8).length));
            return answer;
        }

        int status() {
            assertThat(head).startsWith("HTTP/1.1 ");
            return Integer.parseInt(head.substring(9, 12));
        }

        String header(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    private static String sent(String request) {
        try (Client client = Client.to(service)) {
            return client.send(request.getBytes(ISO_8859_1)).readAll();
        }
    }

    private static Answer get(String target) {
        return Answer.of(sent("GET " + target + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n"));
    }

    private static void assertRefused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.header("connection")).isEqualToIgnoringCase("close");
        JsonPath problem = JsonPath.from(answer.body());
        assertThat(problem.getInt("status")).isEqualTo(status);
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getString("title")).isNotBlank();
        assertThat(problem.getString("detail")).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '\0',
            value = {
                "id=eq(any).{1,2} id=eq(any).%7B1,2%7D 1,2",
                "name=eq.{a} name=eq.%7Ba%7D 1",
                "name=match.New|York name=match.New%7CYork 2",
                "name=match.^x name=match.%5Ex 3",
                "name=eq.<\"q\"> name=eq.%3C%22q%22%3E 4",
                "name=eq.back\\slash name=eq.back%5Cslash 5",
                "name=eq.`tick` name=eq.%60tick%60 6",
                "name=in.(\"{a}\",\"x^y\") name=in.(%22%7Ba%7D%22,%22x%5Ey%22) 1,3",
                "name=eq.Zo\u00C3\u00AB name=eq.Zo%C3%AB 7"
            })
    void aCharacterMeansTheSameAsItsEscape(String raw, String encoded, String ids) {
        String rest = "&select=id&order=id";
        Answer asSent = get("/rest/v1/" + NAME + "?" + raw + rest);
        Answer asEscaped = get("/rest/v1/" + NAME + "?" + encoded + rest);

        assertThat(asSent.status()).as(asSent.body()).isEqualTo(200);
        assertThat(JsonPath.from(asSent.body()).getList("id", String.class)).containsExactly(ids.split(","));
        assertThat(asSent.body()).isEqualTo(asEscaped.body());
        assertThat(asSent.header("etag")).isNotEmpty().isEqualTo(asEscaped.header("etag"));
    }

    @Test
    void aLinkToTheNextPageGoesOnFromACharacterThatWasNotEncoded() {
        Answer first = get("/rest/v1/" + NAME + "?name=match.^[{`xN]&select=id&limit=2");
        String next = first.header("link").replaceAll("<(.*)>.*", "$1");

        assertThat(JsonPath.from(first.body()).getList("id")).containsExactly(1, 2);
        assertThat(JsonPath.from(get(next).body()).getList("id")).containsExactly(3, 6);
        assertThat(next).contains("name=match.%5E%5B%7B%60xN%5D");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/datasets?after={", "/v1/datasets/a|b", "/v1/ingests/<x>?y=^", "/v1/audit?subject=`\"", "/\\"
            })
    void noRouteRefusesACharacterWithoutSayingWhy(String target) {
        Answer answer = get(target);

        if (answer.status() != 200) {
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            assertThat(JsonPath.from(answer.body()).getString("code"))
                    .isIn("QUERY_INVALID", "NAME_INVALID", "INGEST_NOT_FOUND", "NOT_FOUND");
        }
    }

    static Stream<Arguments> refused() {
        String upload = "PUT /v1/datasets/" + NAME + " HTTP/1.1\r\n" + HOST;
        String last = "GET /v1/datasets HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
        String chunked = upload + "Transfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                Arguments.of("GET /rest/v1/x?a=eq.50% HTTP/1.1\r\n" + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET /rest/v1/x?a=%zz HTTP/1.1\r\n" + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET /rest/v1/%4 HTTP/1.1\r\n" + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET /rest/v1/x?a=%FF HTTP/1.1\r\n" + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET /rest/v1/x?a=b#c HTTP/1.1\r\n" + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET /rest/v1/x?a=b c HTTP/1.1\r\n" + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET /rest/v1/x?a=\u0001 HTTP/1.1\r\n" + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("\u0016\u0003\u0001 hello\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("\0" + last, 400, "REQUEST_INVALID"),
                Arguments.of("\0\0\0\0" + last, 400, "REQUEST_INVALID"),
                Arguments.of("\u0007" + last, 400, "REQUEST_INVALID"),
                Arguments.of("\r\n\0" + last, 400, "REQUEST_INVALID"),
                Arguments.of("G@T( / HTTP/1.1\r\n" + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("BREW /v1/datasets HTTP/1.1\r\n" + HOST + "\r\n", 501, "METHOD_UNKNOWN"),
                Arguments.of("get /v1/datasets HTTP/1.1\r\n" + HOST + "\r\n", 501, "METHOD_UNKNOWN"),
                Arguments.of("GET / HTTQ/1.1\r\n" + HOST + "\r\n", 505, "HTTP_VERSION_UNSUPPORTED"),
                Arguments.of("GET / HTTP/1.1\r\nHo st: localhost\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A: \u0000\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "no colon\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A: b\r\n c\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A: b\r\n\tc: d\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A: b\r\n \r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A:\r\n b\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n " + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET /\r\n HTTP/1.1\r\n" + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A\t: b\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A: b\rc\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A: b\r\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "\rA: b\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A: b\nC: d\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\n" + HOST + "\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "\n", 400, "REQUEST_INVALID"),
                Arguments.of(chunked + "4\r\na\n1\n\r\n0\r\nA: b\r\n c\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of(chunked + "4\r\na\n1\n\r\n0\r\n A: b\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of(
                        chunked.replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"), 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/2.0\r\n" + HOST + "\r\n", 505, "HTTP_VERSION_UNSUPPORTED"),
                Arguments.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP_VERSION_UNSUPPORTED"),
                Arguments.of("GET / HTTP/3.7\r\n" + HOST + "\r\n", 505, "HTTP_VERSION_UNSUPPORTED"),
                Arguments.of("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414, "URI_TOO_LONG"),
                Arguments.of("GET /?a=" + "a".repeat(200_000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414, "URI_TOO_LONG"),
                Arguments.of(
                        "GET / HTTP/1.1\r\n" + HOST + "A: " + "a".repeat(17_000) + "\r\n\r\n",
                        431,
                        "HEADERS_TOO_LARGE"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "A: a\r\n".repeat(9_000) + "\r\n", 431, "HEADERS_TOO_LARGE"),
                Arguments.of(
                        chunked.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                        400,
                        "REQUEST_INVALID"),
                Arguments.of(upload + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of("GET / HTTP/1.1\r\n" + HOST + "Expect: a-miracle\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of(upload + "Content-Length: x\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of(upload + "Content-Length: -1\r\n\r\n", 400, "REQUEST_INVALID"),
                Arguments.of(upload + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, "REQUEST_INVALID"),
                Arguments.of(upload + "Content-Length: 9223372036854775806\r\n\r\na", 413, "BODY_TOO_LARGE"),
                Arguments.of(chunked + "x\r\n", 400, "REQUEST_INVALID"),
                Arguments.of(chunked + "5\r\na,b\n1XX\r\n", 400, "REQUEST_INVALID"),
                Arguments.of(chunked + "-5\r\n", 400, "REQUEST_INVALID"),
                Arguments.of(chunked + "4\r\na\n1\n\r\nfffffffffffffffff\r\n", 400, "REQUEST_INVALID"),
                Arguments.of(
                        "PUT /v1/datasets/x?a=% HTTP/1.1\r\n" + HOST + "Content-Length: 1000000\r\n\r\nhello",
                        400,
                        "REQUEST_INVALID"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void everyRefusalIsAProblemDocument(String request, int status, String code) {
        assertRefused(Answer.of(sent(request)), status, code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"CONNECT a:1 HTTP/1.1|404|NOT_FOUND", "OPTIONS * HTTP/1.1|404|NOT_FOUND"})
    void aMethodThatNoRouteHasIsRefusedByTheRoutes(String line, int status, String code) {
        Answer answer = Answer.of(sent(line + "\r\n" + HOST + "Connection: close\r\n\r\n"));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(JsonPath.from(answer.body()).getString("code")).isEqualTo(code);
    }

    @Test
    void aRefusedHeadHasNoBody() {
        String answer = sent("HEAD /?a=% HTTP/1.1\r\n" + HOST + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n").contains("application/problem+json");
    }

    @Test
    void aRefusalWaitsForTheAnswersBeforeItAndIsTheLast() {
        String good = "GET /rest/v1/" + NAME + "?id=eq.1&select=name HTTP/1.1\r\n" + HOST + "\r\n";
        String bad = "GET /?% HTTP/1.1\r\n" + HOST + "\r\n";

        String answers = sent(good + good + bad + good);

        assertThat(answers.split("HTTP/1\\.1 ", -1))
                .satisfiesExactly(
                        none -> assertThat(none).isEmpty(),
                        first -> assertThat(first).startsWith("200 ").contains("{a}"),
                        second -> assertThat(second).startsWith("200 ").contains("{a}"),
                        last -> assertThat(last).startsWith("400 ").contains("REQUEST_INVALID"));
    }

    @Test
    void aNulByteBetweenTwoRequestsRefusesTheSecond() {
        String request = "GET /rest/v1/" + NAME + "?id=eq.1&select=name HTTP/1.1\r\n" + HOST;

        assertThat(sent(request + "\r\n\0" + request + "Connection: close\r\n\r\n")
                        .split("HTTP/1\\.1 ", -1))
                .satisfiesExactly(
                        none -> assertThat(none).isEmpty(),
                        first -> assertThat(first).startsWith("200 ").contains("{a}"),
                        last -> assertThat(last).startsWith("400 ").contains("REQUEST_INVALID"));
    }

    @Test
    void anEmptyLineBeforeARequestIsSkipped() {
        String request = "GET /v1/datasets HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";

        assertThat(sent("\r\n" + request)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void nothingBehindARefusedRequestIsReadAsARequest() {
        String hidden = "DELETE /v1/datasets/" + NAME + " HTTP/1.1\r\n" + HOST + "\r\n";
        List<String> carriers = List.of(
                "GET /?a=% HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /{ HTTP/2.0\r\n" + HOST + "\r\n",
                "PUT /v1/datasets/x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
                "PUT /v1/datasets/x?% HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n");

        for (String carrier : carriers) {
            assertThat(sent(carrier + hidden).split("HTTP/1\\.1 ", -1)).hasSize(2);
        }

        assertThat(get("/rest/v1/" + NAME + "?select=id").status()).isEqualTo(200);
    }

    @Test
    void aCharacterThatIsEncodedDoesNotMoveWhereARequestEnds() {
        String lenient = "GET /rest/v1/" + NAME + "?name=eq.{a}&select=id HTTP/1.1\r\n" + HOST;
        String last = "GET /rest/v1/" + NAME + "?id=eq.2&select=id HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";

        String answers = sent(lenient + "Content-Length: 5\r\n\r\n{|^\"<" + lenient + "\r\n" + last);

        assertThat(answers.split("HTTP/1\\.1 200 ", -1)).hasSize(4);
    }

    @Test
    void aFoldedHeaderIsRefusedHoweverItIsCut() {
        String request = "GET /v1/datasets HTTP/1.1\r\n" + HOST + "Connection: close\r\nA: b\r\n c\r\n\r\n";
        for (int cut = 1; cut < request.length(); cut++) {
            try (Client client = Client.to(service)) {
                client.send(request.substring(0, cut)).send(request.substring(cut));

                assertRefused(Answer.of(client.readAll()), 400, "REQUEST_INVALID");
            }
        }
    }

    @Test
    void aFoldedHeaderOfALaterRequestOfAPipelineIsRefused() {
        String upload = "PUT /v1/datasets/before-a-fold HTTP/1.1\r\n" + HOST + "Content-Length: 4\r\n\r\na\n1\n";
        String folded = "GET /v1/datasets HTTP/1.1\r\n" + HOST + "A: b\r\n c\r\n\r\n";

        assertThat(sent(upload + folded).split("HTTP/1\\.1 ", -1))
                .satisfiesExactly(
                        none -> assertThat(none).isEmpty(),
                        first -> assertThat(first).startsWith("201 "),
                        last -> assertThat(last).startsWith("400 ").contains("REQUEST_INVALID"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 12\r\n\r\n a,b\r\n 1\t,2\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n a,b\r\r\n7\r\n\n 1\t,2\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n6\r\n a,b\r\n\r\n6\r\n 1\t,2\n\r\n0\r\nA: b\r\n\r\n"
            })
    void theContentOfABodyMayHaveTheLinesThatAHeadMayNot(String rest) {
        String request = "PUT /v1/datasets/lines-of-a-body HTTP/1.1\r\n" + HOST + "Connection: close\r\n" + rest;
        for (int cut = 1; cut < request.length(); cut++) {
            try (Client client = Client.to(service)) {
                client.send(request.substring(0, cut)).send(request.substring(cut));

                assertThat(client.readAll()).startsWith("HTTP/1.1 20");
            }
        }
    }

    @Test
    void aMalformedChunkFailsTheUploadAndPublishesNothing() {
        sent("PUT /v1/datasets/malformed HTTP/1.1\r\n" + HOST
                + "Transfer-Encoding: chunked\r\n\r\n6\r\na\n1\n2\n\r\nx\r\n");

        assertThat(service.status("/v1/datasets/malformed")).isEqualTo(404);
    }

    @Test
    void aClientThatGoesOnSendingGetsItsRefusal() {
        try (Client client = Client.to(service)) {
            client.send("PUT /v1/datasets/x?% HTTP/1.1\r\n" + HOST + "Content-Length: 100000000\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                client.send("a".repeat(100_000));
            }

            assertRefused(Answer.of(client.readAll()), 400, "REQUEST_INVALID");
        }
    }

    @Test
    void answersOfRoutesStayAsTheyAre() {
        HttpResponse<String> answer = Service.send(
                HttpRequest.newBuilder(service.uri("/v1/datasets/unknown")).build());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(answer.headers().firstValue("Connection")).isEmpty();
    }
}
