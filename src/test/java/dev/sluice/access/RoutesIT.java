package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Browser;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import io.restassured.http.Header;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route for everyone: a new one needs a line here. */
class RoutesIT {
    /**
     * Method and path as OpenAPI has them; who is let in, from the first scope on ({@code anyone} needs no key); and whether
     * it is about a dataset, so that a key for others is refused. Let in says nothing of what is found then.
     */
    private static final List<String> ROUTES = List.of(
            "GET /v1/datasets|read|",
            "GET /v1/datasets/{name}|read|dataset",
            "PUT /v1/datasets/{name}|write|dataset",
            "PATCH /v1/datasets/{name}|write|dataset",
            "DELETE /v1/datasets/{name}|write|dataset",
            "GET /v1/datasets/{name}/profile|read|dataset",
            "POST /v1/datasets/{name}/ingests|write|dataset",
            "GET /v1/datasets/{name}/versions|read|dataset",
            "GET /v1/datasets/{name}/versions/{number}|read|dataset",
            "GET /v1/datasets/{name}/versions/{number}/profile|read|dataset",
            "GET /v1/datasets/{name}/versions/{number}/rejects|read|dataset",
            "POST /v1/datasets/{name}/versions/{number}/restore|write|dataset",
            "POST /v1/samples|write|",
            "GET /rest/v1|read|",
            "GET /rest/v1/{target}|read|dataset",
            "GET /v1/queue|read|",
            "GET /v1/ingests|read|",
            "GET /v1/ingests/{id}|read|ingest",
            "DELETE /v1/ingests/{id}|write|ingest",
            "GET /v1/ingests/{id}/events|read|ingest",
            "POST /v1/sessions|anyone|",
            "GET /v1/sessions|read|",
            "DELETE /v1/sessions|read|",
            "DELETE /v1/sessions/{id}|read|",
            "GET /v1/sessions/current|read|session",
            "DELETE /v1/sessions/current|read|session",
            "GET /v1/sessions/current/state|read|session",
            "PUT /v1/sessions/current/state|read|session",
            "GET /v1/keys|admin|",
            "POST /v1/keys|admin|",
            "GET /v1/keys/{id}|admin|",
            "DELETE /v1/keys/{id}|admin|",
            "GET /v1/audit|admin|",
            "GET /q/openapi|anyone|");

    private static final Header NO_PROOF = new Header("Accept", "*/*");

    /** How requests come that no page of our own makes. */
    private static final List<Header> OTHERS = List.of(
            NO_PROOF,
            new Header("Sec-Fetch-Site", "cross-site"),
            new Header("Sec-Fetch-Site", "same-site"),
            new Header("Origin", "https://evil.example"),
            new Header("Origin", "http://localhost:1"),
            new Header("Origin", "null"));

    private static final List<String> SCOPES = List.of("read", "write", "admin");

    private static Service service;
    private static Map<String, String> keys;
    private static String ingest;

    @BeforeAll
    static void start() {
        Map<String, String> configuration = Keyed.mode(Servers.migratedDatabase());
        service = Service.start("web", configuration).awaitReady();
        Keyed.with(Keyed.ADMIN, service)
                .body("a\n1\n")
                .put("/v1/datasets/there")
                .then()
                .statusCode(201);
        ingest = Keyed.with(Keyed.ADMIN, service).get("/v1/ingests").path("items[0].id");
        keys = SCOPES.stream().collect(Collectors.toMap(scope -> scope, scope -> Keyed.key(service, scope)));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    record Route(String method, String path, String scope, String about) {
        static Route of(String line) {
            String[] parts = line.split("\\|", -1);
            String[] request = parts[0].split(" ", 2);
            return new Route(request[0], request[1], parts[1], parts[2]);
        }

        /** A scope of that name is let in. */
        boolean admits(String scope) {
            return this.scope.equals("anyone") || SCOPES.indexOf(scope) >= SCOPES.indexOf(this.scope);
        }

        Response ask(RequestSpecification request) {
            String target = path.replace("{name}", "there")
                    .replace("{target}", "there@1")
                    .replace("{number}", "1")
                    .replace("{id}", about.equals("ingest") ? ingest : "00000000-0000-7000-8000-000000000000");
            return (path.startsWith("/q/") || method.equals("GET") || method.equals("HEAD")
                            ? request
                            : request.contentType(type()))
                    .request(method, target);
        }

        private String type() {
            return "application/json";
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static List<Route> routes() {
        return ROUTES.stream().map(Route::of).toList();
    }

    @Test
    void everyRouteHasALine() {
        Map<String, Map<String, Object>> paths = Keyed.at(service)
                .accept("application/json")
                .get("/q/openapi?format=json")
                .jsonPath()
                .getMap("paths");
        List<String> there = new ArrayList<>();
        paths.forEach((path, methods) -> methods.keySet().stream()
                .filter(method -> method.matches("get|put|post|patch|delete|head|options"))
                .forEach(method -> there.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path)));

        List<String> lines = routes().stream()
                .map(Route::toString)
                .filter(line -> !line.contains(" /q/"))
                .toList();
        assertThat(new TreeSet<>(lines)).containsExactlyElementsOf(new TreeSet<>(there));
    }

    @Test
    void healthAndMetricsAreOnAPortThatClientsDoNotReach() {
        for (String path : List.of("/q/health/live", "/q/health/ready", "/q/health/started", "/q/metrics")) {
            assertThat(service.management().status(path)).as(path).isEqualTo(200);
            assertThat(service.status(path)).as(path).isEqualTo(404);
        }
        for (String path : List.of("/v1/datasets", "/q/openapi", "/")) {
            assertThat(service.management().status(path)).as(path).isEqualTo(404);
        }
    }

    @Test
    void theConsoleItselfTakesNoKey() {
        assertThat(Browser.load(service, "/"))
                .hasSizeGreaterThan(1)
                .allSatisfy(
                        (path, file) -> assertThat(file.answer().statusCode()).isEqualTo(200));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void withoutAKey(Route route) {
        Response answer = route.ask(Keyed.at(service));
        if (route.scope().equals("anyone")) {
            assertThat(answer.statusCode()).isNotIn(401, 403);
        } else {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.path("code").toString()).isEqualTo("KEY_MISSING");
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void withAWrongKey(Route route) {
        Response answer = route.ask(Keyed.with("sluice_wrong", service));
        if (route.scope().equals("anyone")) {
            assertThat(answer.statusCode()).isNotIn(401, 403);
        } else {
            assertThat(answer.statusCode()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void withEachScope(Route route) {
        for (String scope : SCOPES) {
            Response answer = route.ask(Keyed.with(keys.get(scope), service));
            if (!route.admits(scope)) {
                assertThat(answer.statusCode()).as(scope).isEqualTo(403);
                assertThat(answer.path("code").toString()).isEqualTo("SCOPE_MISSING");
            } else if (route.about().equals("session")) { // a key is none
                assertThat(answer.path("code").toString()).as(scope).isIn("SESSION_ENDED", "REQUEST_INVALID");
            } else {
                assertThat(answer.statusCode()).as(scope).isLessThan(500).isNotIn(401, 403, 405);
            }
            if (!route.method().equals("GET")) {
                again();
            }
        }
    }

    /** What a route may have deleted. */
    private static void again() {
        Keyed.with(Keyed.ADMIN, service).body("a\n1\n").put("/v1/datasets/there");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void withAKeyForOtherDatasets(Route route) {
        Response answer = route.ask(Keyed.with(Keyed.key(service, "write", "other-*", "els*ere"), service));
        if (route.scope().equals("admin")) {
            assertThat(answer.statusCode()).isEqualTo(403);
        } else if (route.about().equals("dataset")) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.path("code").toString()).isEqualTo("SCOPE_MISSING");
        } else if (route.about().equals("ingest")) {
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.path("code").toString()).isEqualTo("INGEST_NOT_FOUND");
        } else if (!route.about().equals("session")) {
            assertThat(answer.asString()).doesNotContain("\"there\"");
        }
    }

    /** A browser sends the cookie whatever page asks: pages of other origins neither read nor change, and a change takes a proof. */
    @ParameterizedTest
    @MethodSource("routes")
    void withASessionThatAnotherSiteBorrows(Route route) {
        String session = Keyed.session(service, Keyed.ADMIN);
        boolean takesAProof = !route.method().equals("GET") && !route.scope().equals("anyone");
        for (Header from : OTHERS) {
            Response answer = route.ask(Keyed.by(session, service).header(from));
            if (route.path().startsWith("/q/")) {
                assertThat(answer.statusCode()).as("%s", from).isNotEqualTo(403);
            } else if (takesAProof || !from.equals(NO_PROOF)) {
                assertThat(answer.statusCode()).as("%s", from).isEqualTo(403);
                assertThat(answer.path("code").toString()).isEqualTo("ORIGIN_REFUSED");
            } else {
                assertThat(answer.statusCode()).as("%s", from).isNotEqualTo(403);
            }
        }
        Keyed.by(session, service).get("/v1/datasets/there").then().statusCode(200);
    }

    @Test
    void withASessionFromAPageOfOurOwn() {
        String session = Keyed.session(service, Keyed.ADMIN);
        String host = service.uri("").getAuthority();
        for (Header from : List.of(
                new Header("Sec-Fetch-Site", "same-origin"),
                new Header("Sec-Fetch-Site", "none"),
                new Header("Origin", "http://" + host))) {
            Keyed.by(session, service)
                    .header(from)
                    .contentType("application/json")
                    .body("{}")
                    .put("/v1/sessions/current/state")
                    .then()
                    .statusCode(200);
        }
    }
}
