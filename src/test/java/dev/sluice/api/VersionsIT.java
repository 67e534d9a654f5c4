package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Client;
import dev.sluice.harness.Endpoint;
import dev.sluice.harness.Service;
import dev.sluice.harness.Shared;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionsIT {
    private static String path(String name) {
        return "/v1/datasets/" + name;
    }

    private static HttpResponse<String> restore(Endpoint service, String name, int version) {
        return Service.send(HttpRequest.newBuilder(service.uri(path(name) + "/versions/" + version + "/restore"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private static HttpResponse<String> restore(String name, int version) {
        return restore(Shared.service(), name, version);
    }

    private static HttpResponse<String> patch(String name, String type, String body) {
        return Service.send(HttpRequest.newBuilder(Shared.service().uri(path(name)))
                .header("Content-Type", type)
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static HttpResponse<String> patch(String name, String body) {
        return patch(name, "application/merge-patch+json", body);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(JsonPath.from(response.body()).getString("code")).isEqualTo(code);
    }

    private static void assertProblem(Response response, int status, String code) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.jsonPath().getString("code")).isEqualTo(code);
    }

    private static Response found(String path) {
        Response response = Api.get(path);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return response;
    }

    /** All items of a list, page by page; the header must say what the body says. */
    private static List<Map<String, Object>> all(String path, int pages) {
        List<Map<String, Object>> items = new ArrayList<>();
        String next = path;
        for (int page = 1; page <= pages; page++) {
            Response response = found(next);
            items.addAll(response.jsonPath().getList("items"));
            next = response.jsonPath().getString("next");
            assertThat(response.header("Link")).isEqualTo(next == null ? null : "<" + next + ">; rel=\"next\"");
        }
        assertThat(next).isNull();
        return items;
    }

    @Test
    void versionsAreListedNewestFirst() {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);
        Api.put(name, "a\n1\n2\n").then().statusCode(200);

        List<Map<String, Object>> items = all(path(name) + "/versions", 1);

        assertThat(items).extracting("version").containsExactly(2, 1);
        assertThat(items).extracting("rows").containsExactly(2, 1);
        assertThat(items.get(0).get("supersededAt")).isNull();
        assertThat(items.get(1).get("supersededAt")).isNotNull();
    }

    @Test
    void aLongListComesInPages() {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);
        Api.put(name, "a\n2\n").then().statusCode(200);
        for (int version = 2; version < 201; version++) {
            assertThat(restore(name, version - 1).statusCode()).isEqualTo(200);
        }

        List<Map<String, Object>> items = all(path(name) + "/versions", 3);

        assertThat(items)
                .extracting("version")
                .containsExactlyElementsOf(
                        IntStream.range(0, 201).mapToObj(i -> 201 - i).toList());
        assertProblem(Api.get(path(name) + "/versions?after=x"), 400, "QUERY_INVALID");
    }

    @Test
    void aVersionShowsWhatTheDatasetShowedWhileItWasCurrent() {
        String name = Api.newName();
        Map<String, Object> first = Api.put(name, "a,b\n1,x\n").jsonPath().getMap("");
        Api.put(name, "c\n2024-01-01\n").then().statusCode(200);

        assertThat(found(path(name) + "/versions/1").jsonPath().<String, Object>getMap(""))
                .isEqualTo(first);
        assertThat(found(path(name) + "/versions/2").jsonPath().<String, Object>getMap(""))
                .isEqualTo(found(path(name)).jsonPath().getMap(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "0", "-1", "x", "01", "999999999", "99999999999"})
    void aVersionThatNeverWasIsNotFound(String number) {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);

        assertProblem(Api.get(path(name) + "/versions/" + number), 404, "VERSION_NOT_FOUND");
        assertProblem(Api.get(path(name) + "/versions/" + number + "/rejects"), 404, "VERSION_NOT_FOUND");
        assertProblem(
                Service.send(
                        HttpRequest.newBuilder(Shared.service().uri(path(name) + "/versions/" + number + "/restore"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build()),
                404,
                "VERSION_NOT_FOUND");
    }

    @Test
    void aDatasetThatDoesNotExistHasNoVersions() {
        assertProblem(Api.get("/v1/datasets/nowhere/versions"), 404, "DATASET_NOT_FOUND");
        assertProblem(Api.get("/v1/datasets/nowhere/versions/1"), 404, "DATASET_NOT_FOUND");
        assertProblem(Api.get("/v1/datasets/nowhere/versions/1/rejects"), 404, "DATASET_NOT_FOUND");
        assertProblem(restore("nowhere", 1), 404, "DATASET_NOT_FOUND");
        assertProblem(patch("nowhere", "{}"), 404, "DATASET_NOT_FOUND");
        assertProblem(Api.get("/v1/datasets/No/versions"), 400, "NAME_INVALID");
    }

    @Test
    void rejectsAreListedInTheOrderOfTheirRowsPageByPage() {
        String name = Api.newName();
        String body = "a,b\n" + "1,2\n3\n".repeat(250);
        Response half = Api.put(name, body.getBytes(UTF_8), Map.of("maxRejectShare", "0.5"));
        assertThat(half.jsonPath().getInt("rejects")).isEqualTo(250);
        Api.put(name, "a,b\n1,2\n").then().statusCode(200);

        List<Map<String, Object>> items = all(path(name) + "/versions/1/rejects", 3);

        assertThat(items)
                .extracting("row")
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 250).mapToObj(i -> 2 * i).toList());
        assertThat(items.getFirst()).containsOnlyKeys("row", "column", "raw", "reason");
        assertThat(items.getFirst())
                .containsEntry("raw", "3")
                .containsEntry("column", null)
                .containsEntry("reason", "too_few_fields");
        assertThat(all(path(name) + "/versions/2/rejects", 1)).isEmpty();
        assertProblem(Api.get(path(name) + "/versions/1/rejects?after=eA"), 400, "QUERY_INVALID");
    }

    @Test
    void restoringMakesTheOldContentTheNextVersionForEveryProcessAtOnce() {
        String name = Api.newName();
        Api.put(name, "a,b\n1,x\n2\n").then().statusCode(201);
        Api.put(name, "c\n9\n").then().statusCode(200);
        try (Service second = Service.start("web", Shared.configuration()).awaitReady()) {
            assertThat(second.get("/rest/v1/" + name).body()).isEqualTo("[{\"c\":9}]");

            HttpResponse<String> answer = restore(second, name, 1);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonPath view = JsonPath.from(answer.body());
            assertThat(view.getInt("version")).isEqualTo(3);
            assertThat(view.getInt("rows")).isEqualTo(1);
            assertThat(view.getInt("rejects")).isEqualTo(1);
            assertThat(view.getString("columns[1].name")).isEqualTo("b");
            for (Endpoint service : List.of(second, Shared.service())) {
                assertThat(service.get("/rest/v1/" + name).body()).isEqualTo("[{\"a\":1,\"b\":\"x\"}]");
                assertThat(service.get("/rest/v1/" + name + "@2").body()).isEqualTo("[{\"c\":9}]");
                assertThat(JsonPath.from(service.get(path(name)).body()).<String, Object>getMap(""))
                        .isEqualTo(view.getMap(""));
            }
        }
        assertThat(all(path(name) + "/versions/3/rejects", 1)).hasSize(1);
        assertThat(Api.put(name, "a\n7\n").jsonPath().getInt("version")).isEqualTo(4);
    }

    @Test
    void restoringTheCurrentVersionChangesNothing() {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);
        Map<String, Object> before = found(path(name)).jsonPath().getMap("");

        HttpResponse<String> answer = restore(name, 1);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JsonPath.from(answer.body()).<String, Object>getMap("")).isEqualTo(before);
        assertThat(all(path(name) + "/versions", 1)).hasSize(1);
    }

    @Test
    void aPatchChangesWhatItNamesAndAnswersTheView() {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);

        HttpResponse<String> answer =
                patch(name, "{\"title\":\"Größe\",\"description\":\"two\\nlines\",\"keepVersions\":5}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(patch(name, "application/json", "{\"description\":null}").statusCode())
                .isEqualTo(200);

        JsonPath view = found(path(name)).jsonPath();
        assertThat(view.getString("title")).isEqualTo("Größe");
        assertThat(view.getString("description")).isNull();
        assertThat(view.getInt("keepVersions")).isEqualTo(5);
        assertThat(view.getInt("version")).isEqualTo(1);
        Api.put(name, "a\n2\n").then().statusCode(200);
        assertThat(found(path(name)).jsonPath().getString("title")).isEqualTo("Größe");
    }

    @Test
    void aPatchThatIsNotOneChangesNothing() {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);
        Map<String, Object> before = found(path(name)).jsonPath().getMap("");

        assertProblem(patch(name, "{\"title\":\"x\",\"keepVersions\":0}"), 400, "REQUEST_INVALID");
        assertProblem(patch(name, "{\"title\":\"x\",\"rows\":7}"), 400, "REQUEST_INVALID");
        assertProblem(patch(name, "{\"title\":\"a\\u0000\"}"), 400, "REQUEST_INVALID");
        assertProblem(patch(name, "no"), 400, "REQUEST_INVALID");
        assertProblem(patch(name, ""), 400, "REQUEST_INVALID");
        assertProblem(patch(name, "text/plain", "{}"), 415, "MEDIA_TYPE_UNSUPPORTED");

        assertThat(found(path(name)).jsonPath().<String, Object>getMap("")).isEqualTo(before);
    }

    @Test
    void aPatchOfAnySizeIsAnsweredAndNotReadToItsEnd() {
        try (Client client = Client.to(Shared.service())) {
            client.send("PATCH " + path("any") + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n");
            client.send(" ".repeat(1_000_000));
            assertThat(client.readAll()).startsWith("HTTP/1.1 413").contains("BODY_TOO_LARGE");
        }
    }
}
