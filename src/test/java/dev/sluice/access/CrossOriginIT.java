package dev.sluice.access;

import static dev.sluice.access.Keyed.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other origins, at a process that has CORS on and, by mistake, with credentials. */
class CrossOriginIT {
    private static final String PAGE = "https://app.example";
    private static final String ALLOWED = "Access-Control-Allow-Origin";
    private static final String CREDENTIALS = "Access-Control-Allow-Credentials";

    private static Service service;

    @BeforeAll
    static void start() {
        Map<String, String> configuration = Keyed.mode(Servers.migratedDatabase());
        configuration.put("quarkus.http.cors.enabled", "true");
        configuration.put("quarkus.http.cors.origins", PAGE);
        configuration.put("quarkus.http.cors.access-control-allow-credentials", "true");
        service = Service.start("web", configuration).awaitReady();
        Keyed.with(ADMIN, service)
                .body("a\n1\n")
                .put("/v1/datasets/there")
                .then()
                .statusCode(201);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void assertNoCredentials(Response answer) {
        assertThat(answer.header(CREDENTIALS)).isNull();
        assertThat(answer.headers().getValues("Vary")).contains("Origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/datasets", "/rest/v1/there", "/v1/sessions"})
    void aPageThatIsAllowedReadsByKeyAndNotBySession(String path) {
        Response byKey = Keyed.with(ADMIN, service).header("Origin", PAGE).get(path);
        Response bySession = Keyed.by(Keyed.session(service, ADMIN), service)
                .header("Origin", PAGE)
                .get(path);

        assertThat(byKey.statusCode()).isEqualTo(200);
        assertThat(byKey.header(ALLOWED)).isEqualTo(PAGE);
        assertNoCredentials(byKey);
        assertThat(bySession.statusCode()).isEqualTo(403);
        assertThat(bySession.<String>path("code")).isEqualTo("ORIGIN_REFUSED");
        assertNoCredentials(bySession);
    }

    @Test
    void aPageThatIsNotAllowedReadsNothing() {
        Response answer = Keyed.with(ADMIN, service)
                .header("Origin", "https://evil.example")
                .get("/rest/v1/there");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.header(ALLOWED)).isNull();
        assertNoCredentials(answer);
    }

    @Test
    void aPreflightAllowsNoCredentials() {
        Response answer = Keyed.at(service)
                .header("Origin", PAGE)
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization")
                .options("/rest/v1/there");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header(ALLOWED)).isEqualTo(PAGE);
        assertNoCredentials(answer);
    }

    /** Also to a client that sends no Origin, whose answer a cache might give to a page. */
    @Test
    void everyAnswerSaysThatItDependsOnTheOrigin() {
        Response rows = Keyed.with(ADMIN, service).get("/rest/v1/there");
        assertThat(rows.headers().getValues("Vary")).contains("Accept, Prefer, Range", "Origin");
        for (Response answer : List.of(
                Keyed.with(ADMIN, service)
                        .header("If-None-Match", rows.header("ETag"))
                        .get("/rest/v1/there"),
                Keyed.at(service).get("/"),
                Keyed.at(service).get("/nothing"),
                Keyed.at(service).get("/v1/datasets"),
                Keyed.at(service).get("/q/openapi"))) {
            assertThat(answer.headers().getValues("Vary")).contains("Origin");
        }
    }

    @Test
    void aPageOfItsOwnReadsBySession() {
        String session = Keyed.session(service, ADMIN);

        Keyed.by(session, service)
                .header("Origin", "http://" + service.uri("").getAuthority())
                .get("/v1/datasets")
                .then()
                .statusCode(200);
    }
}
