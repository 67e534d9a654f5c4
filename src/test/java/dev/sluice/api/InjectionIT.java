package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Service;
import dev.sluice.harness.Shared;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile text wherever a client may write some: a mistake of the client's, or a value like any other. */
class InjectionIT {
    private static final String NAME = Api.newName();

    /** {@code ?} is the text. */
    private static final List<String> POSITIONS = List.of(
            "?=eq.1",
            "n=?",
            "n=?.1",
            "n=not.?",
            "n=eq.?",
            "n=eq(any).?",
            "n=eq(?).{1}",
            "label=like.?",
            "label=match.?",
            "label=fts(?).a",
            "label=fts.?",
            "label=plfts.?",
            "label=in.(?)",
            "label=in.(\"?\")",
            "label=is.?",
            "label=cs.?",
            "n=sl.?",
            "label->?=eq.1",
            "label->>?=eq.1",
            "and=?",
            "or=(n.eq.1,?)",
            "or=(?.eq.1)",
            "and=(label.eq.\"?\")",
            "select=?",
            "select=?:n",
            "select=n::?",
            "select=n.?()",
            "select=label->?",
            "select=?()",
            "select=?(*)",
            "order=?",
            "order=n.?",
            "order=label->>?",
            "limit=?",
            "offset=?");

    private static final List<String> HOSTILE = List.of(
            "'",
            "''",
            "\"",
            "\\",
            ";",
            "--",
            "/*",
            "$$",
            "?",
            "$1",
            "1;select pg_sleep(20)--",
            "1) or (1=1",
            "1 union select secret from sluice.api_key",
            "\"; drop table sluice.dataset; --",
            "n\" from sluice.api_key --",
            "x' || (select current_user) || '",
            "text); select pg_sleep(20); --",
            "bigint[]) or true",
            "pg_catalog.text",
            "{1,2",
            "{\"}",
            "((((",
            "\u202e",
            "a".repeat(5000));

    @BeforeAll
    static void load() {
        Api.put(NAME, "n,label\n1,one\n2,two\n").then().statusCode(201);
    }

    static Stream<Arguments> everywhere() {
        return POSITIONS.stream().flatMap(p -> HOSTILE.stream().map(h -> Arguments.of(p, h)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void hostileTextIsRefusedOrAValue(String position, String hostile) {
        String[] parts = position.split("=", 2);
        HttpResponse<String> answer = Service.send(HttpRequest.newBuilder(Shared.service()
                        .uri("/rest/v1/" + NAME + "?" + encoded(parts[0], hostile) + "=" + encoded(parts[1], hostile)))
                .build());

        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400, 404);
        if (answer.statusCode() == 200) {
            assertThat(answer.body()).doesNotContain("sluice", "secret").startsWith("[");
        } else {
            assertThat(answer.body()).contains("\"problem\":").doesNotContain("t.\\\"_row", "Exception");
        }
    }

    private static String encoded(String position, String hostile) {
        return URLEncoder.encode(position.replace("?", hostile), UTF_8).replace("+", "%20");
    }
}
