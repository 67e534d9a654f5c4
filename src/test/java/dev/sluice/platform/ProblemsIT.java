package dev.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Client;
import dev.sluice.harness.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsIT {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /nothing|404|NOT_FOUND",
                "GET /v1/nothing|404|NOT_FOUND",
                "POST /v1/datasets/x|405|METHOD_NOT_ALLOWED",
                "DELETE /rest/v1/x|405|METHOD_NOT_ALLOWED",
                "GET /v1/datasets/x|404|DATASET_NOT_FOUND",
                "GET /v1/datasets/X|400|NAME_INVALID",
                "GET /v1/datasets/%00|400|NAME_INVALID",
                "GET /v1/datasets/%C3%A9|400|NAME_INVALID",
                "GET /v1/datasets?after=nonsense|400|QUERY_INVALID",
                "GET /v1/datasets?after=OTk5OTk5OTk5OS0wMS0wMVQwMDowMDowMFogeA|400|QUERY_INVALID",
                "GET /v1/datasets?after=KzMwMDAwMC0wMS0wMVQwMDowMDowMFogMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw|400|QUERY_INVALID",
                "GET /v1/ingests/x|404|INGEST_NOT_FOUND",
                "PUT /v1/datasets/x?maxRejects=x|400|OPTION_INVALID",
                "GET /v1/ingests?dataset=%00|400|REQUEST_INVALID",
                "GET /v1/audit?subject=%00|400|REQUEST_INVALID",
                "DELETE /v1/sessions/%00|404|SESSION_NOT_FOUND",
                "DELETE /v1/datasets/x|404|DATASET_NOT_FOUND"
            })
    void everyMistakeGetsAProblemDocument(String request, int status, String code) {
        String answer =
                exchange(request + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status).contains("\"code\":\"" + code + "\"");
        assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("content-type: application/problem+json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /v1/datasets/%|Accept: */*",
                "GET /rest/v1/%zz|Accept: */*",
                "GET /v1/datasets|Accept: nonsense",
                "GET /v1/datasets|Accept: text/html",
                "GET /rest/v1/x|Accept: ;;;,,",
                "GET /v1/ingests/%2e%2e|Accept: */*",
                "GET /v1/datasets/%25zz;-|Accept: */*",
                "GET /v1/datasets/a;b|Accept: */*",
                "GET /v1/datasets/%3B|Accept: */*",
                "PUT /v1/datasets/x|Content-Type: nonsense",
                "PUT /v1/datasets/x|Content-Type: ",
                "OPTIONS /v1/datasets|Accept: */*",
                "HEAD /v1/datasets|Accept: */*",
                "TRACE /v1/datasets|Accept: */*",
                "GET /q/openapi|Accept: */*"
            })
    void nothingAClientSendsIsAnErrorOfOurs(String request, String header) {
        String answer = exchange(request + " HTTP/1.1\r\nHost: localhost\r\n" + header
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: local host:99999\r\n",
                "Host: localhost:x\r\n",
                "Host: [::1${x}K]:80\r\n",
                "Host: a/b\r\n",
                "Host: localhost\r\nHost: x\r\n"
            })
    void aRequestHasOneHost(String hosts) {
        String answer = exchange("GET /v1/datasets HTTP/1.1\r\n" + hosts + "Connection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json", "\"code\":\"REQUEST_INVALID\"");
    }

    @Test
    void whoIsRefusedBeforeItsBodyIsHungUpOn() {
        try (Client client = Client.to(Shared.service())) {
            String answer = client.send("POST /v1/keys HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                            + "Content-Length: 1000000\r\n\r\n")
                    .readAll();

            assertThat(answer).startsWith("HTTP/1.1 415 ").containsIgnoringCase("connection: close");
        }
    }

    @Test
    void theApiDescribesItself() {
        assertThat(Api.get("/q/openapi").asString())
                .contains("/v1/datasets/{name}", "/rest/v1/{target}", "/v1/ingests/{id}");
    }

    private static String exchange(String request) {
        try (Client client = Client.to(Shared.service())) {
            return client.send(request).readAll();
        }
    }
}
