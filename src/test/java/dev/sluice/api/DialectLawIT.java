package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Service;
import dev.sluice.harness.Shared;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Queries at random, as the service answers them and as {@link ModelQuery} does: the same conditions in Java, over the same rows. */
class DialectLawIT {
    private static final int CASES = 10_000;
    private static final int CLIENTS = 4;
    private static final long SEED = 20261126;

    private static final String NAME = Api.newName();
    private static final List<ModelRow> ROWS = ModelRow.random(new Random(SEED), 60);

    @BeforeAll
    static void load() {
        Api.put(NAME, ModelRow.csv(ROWS)).then().statusCode(201);
        assertThat(Api.get("/v1/datasets/" + NAME).jsonPath().<String>getList("columns.type"))
                .isEqualTo(ModelRow.COLUMNS.stream().map(c -> c.kind().word()).toList());
    }

    @Test
    void tenThousandQueriesAreAnsweredAsTheirConditionsSay() throws InterruptedException {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> clients = IntStream.range(0, CLIENTS)
                .mapToObj(client -> Thread.ofPlatform().start(() -> {
                    Random random = new Random(SEED + client);
                    for (int i = 0; i < CASES / CLIENTS && wrong.size() < CLIENTS; i++) {
                        check(ModelQuery.random(random)).ifPresent(wrong::add);
                    }
                }))
                .toList();
        for (Thread client : clients) {
            client.join();
        }
        assertThat(wrong).isEmpty();
    }

    private static java.util.Optional<String> check(ModelQuery query) {
        String path = "/rest/v1/" + NAME + "?"
                + query.parameters().stream()
                        .map(p -> encoded(p.name()) + "=" + encoded(p.value()))
                        .collect(Collectors.joining("&"));
        String answer = Service.send(HttpRequest.newBuilder(Shared.service().uri(path))
                        .header("Accept", "text/csv")
                        .build())
                .body();
        List<String> expected = new ArrayList<>(List.of("id"));
        query.answer(ROWS).forEach(row -> expected.add(Long.toString(row.id())));
        return answer.equals(String.join("\n", expected) + "\n")
                ? java.util.Optional.empty()
                : java.util.Optional.of(query.parameters() + " is not " + expected + " but " + answer);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** So that the law could fail at all: among its queries are such of every kind, and not all find all or nothing. */
    @Test
    void theQueriesAreOfEveryKind() {
        Random random = new Random(SEED);
        List<ModelQuery> queries = Collections.nCopies(2000, 0).stream()
                .map(_ -> ModelQuery.random(random))
                .toList();
        String all = queries.toString();
        assertThat(all)
                .contains(
                        "eq.", "neq.", "gt.", "gte.", "lt.", "lte.", "like.", "ilike.", "match.", "imatch.", "in.(",
                        "is.")
                .contains(
                        "isdistinct.",
                        "(any)",
                        "(all)",
                        "not.",
                        "not.and",
                        "and(",
                        "or(",
                        "nullsfirst",
                        "limit",
                        "offset");
        assertThat(queries.stream().filter(q -> q.answer(ROWS).isEmpty()).count())
                .isLessThan(1200);
        assertThat(queries.stream()
                        .filter(q -> q.answer(ROWS).size() == ROWS.size())
                        .count())
                .isLessThan(600);
    }
}
