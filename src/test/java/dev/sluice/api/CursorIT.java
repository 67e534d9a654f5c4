package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Walks through a version page by page, while others publish new ones and old ones are dropped: two processes in turn. */
class CursorIT {
    private static final int NEVER = 0;
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");

    private static List<Service> webs;
    private static Service worker;

    @BeforeAll
    static void start() {
        Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.put("sluice.dataset.keep-for", "4s"); // no page takes as long, even on a busy machine
        configuration.put("sluice.dataset.keep-versions", "1");
        webs = List.of(Service.start("web", configuration), Service.start("web", configuration));
        worker = Service.start("worker", configuration);
        webs.forEach(Service::awaitReady);
        worker.awaitReady();
    }

    @AfterAll
    static void stop() {
        webs.forEach(Service::close);
        worker.close();
    }

    private static void put(String name, String content) {
        assertThat(Service.send(HttpRequest.newBuilder(webs.getFirst().uri("/v1/datasets/" + name))
                                .PUT(BodyPublishers.ofString(content))
                                .build())
                        .statusCode())
                .isIn(200, 201);
    }

    /** Ids in the order of the walk; every so many pages somebody publishes another version. */
    private static List<Long> walk(String name, String query, int publishEvery) {
        List<Long> ids = new ArrayList<>();
        String path = "/rest/v1/" + name + "?select=id&" + query;
        for (int page = 0; path != null; page++) {
            HttpResponse<String> answer = Service.send(
                    HttpRequest.newBuilder(webs.get(page % webs.size()).uri(path))
                            .header("Accept", "text/csv")
                            .build());
            assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
            answer.body().lines().skip(1).forEach(line -> ids.add(Long.valueOf(line)));
            Matcher next = NEXT.matcher(answer.headers().firstValue("Link").orElse(""));
            path = next.matches() ? ofThisService(next.group(1)) : null;
            if (publishEvery > 0 && page % publishEvery == 1) {
                put(name, "id,n\n-1," + page + "\n");
            }
        }
        return ids;
    }

    private static String ofThisService(String link) {
        URI uri = URI.create(link);
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }

    @Test
    void aMillionRowsComeOnceEachByPagesOfTenThousand() {
        int rows = 1_000_000;
        StringBuilder csv = new StringBuilder("id,n\n");
        for (int i = 1; i <= rows; i++) {
            csv.append(i).append(',').append(i % 7).append('\n');
        }
        put("large", csv.toString());

        assertThat(walk("large", "limit=10000", 5))
                .isEqualTo(LongStream.rangeClosed(1, rows).boxed().toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n|2000",
                "n.desc|2000",
                "n.nullsfirst|2000",
                "n.desc.nullslast,day|20000",
                "day.desc.nullsfirst,n.asc.nullslast|2000",
                "name,n.desc|2000",
                "x.desc.nullslast|2000"
            })
    void nullsAndDuplicatesComeOnceEachInEveryOrder(String order, int rows) {
        String name = "o" + Math.floorMod(order.hashCode(), 100_000);
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("id,n,day,name,x\n");
        for (int i = 1; i <= rows; i++) {
            csv.append(i).append(',');
            csv.append(random.nextInt(3) == 0 ? "" : random.nextInt(20)).append(',');
            csv.append(random.nextInt(3) == 0 ? "" : "2024-01-0" + (1 + random.nextInt(5)))
                    .append(',');
            csv.append(
                    random.nextInt(3) == 0
                            ? ""
                            : List.of("a", "b", "c d", "\"\"").get(random.nextInt(4)));
            csv.append(',')
                    .append(random.nextInt(3) == 0 ? "" : random.nextInt(9) / 4.0)
                    .append('\n');
        }
        put(name, csv.toString());
        List<Long> whole = walk(name, "order=" + URLEncoder.encode(order, UTF_8), NEVER);
        assertThat(whole).hasSize(rows).doesNotHaveDuplicates();

        assertThat(walk(name, "limit=7&order=" + URLEncoder.encode(order, UTF_8), 100))
                .isEqualTo(whole);
    }

    @Test
    void aConditionHoldsOnEveryPageAndTheLastOneHasNoNext() {
        put("filtered", "id,n\n1,1\n2,2\n3,1\n4,1\n5,2\n6,1\n");

        assertThat(walk("filtered", "n=eq.1&limit=2", NEVER)).containsExactly(1L, 3L, 4L, 6L);
        assertThat(walk("filtered", "n=eq.1&limit=3&offset=1", NEVER)).containsExactly(3L, 4L, 6L);
        assertThat(walk("filtered", "limit=0", NEVER)).isEmpty();
    }
}
