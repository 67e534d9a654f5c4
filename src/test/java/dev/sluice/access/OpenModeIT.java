package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Shared;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Without keys: for this machine alone, and not for the pages that are looked at on it. */
class OpenModeIT {

    @ParameterizedTest
    @CsvSource({
        "quarkus.http.host, 0.0.0.0",
        "quarkus.http.host, ::",
        "quarkus.http.host, 192.0.2.1",
        "quarkus.http.host, no.such.host.invalid",
        "quarkus.management.host, 0.0.0.0"
    })
    void nothingButLoopbackIsListenedOn(String key, String host) {
        Map<String, String> configuration = new HashMap<>(Servers.newDatabase());
        configuration.put("sluice.access.mode", "open");
        configuration.put(key, host);
        try (Service refused = Service.start("web", configuration)) {
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.output())
                    .contains("SLUICE_ACCESS_MODE=open needs no key, so it listens on loopback alone");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:1", "127.0.0.1", "[::1]:8080"})
    void theNamesOfThisMachineAreAnswered(String host) {
        assertThat(get("/v1/datasets", "Host: " + host)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0", "10.0.0.1"})
    void noOtherNameIsWhoeverLedItHere(String host) {
        for (String path : new String[] {"/v1/datasets", "/q/openapi", "/nothing", "/", "/sluice.svg"}) {
            assertThat(get(path, "Host: " + host)).startsWith("HTTP/1.1 421").contains("HOST_REFUSED");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded: for=1.2.3.4",
                "X-Forwarded-For: 1.2.3.4",
                "x-forwarded-for:",
                "X-Forwarded-Host: localhost",
                "X-Forwarded-Proto: http",
                "X-Forwarded-Port: 80",
                "X-Real-IP: 127.0.0.1",
                "Via: 1.1 proxy",
            })
    void noProxyOnThisMachineLetsOthersIn(String header) {
        for (String path : new String[] {"/v1/datasets", "/q/openapi", "/nothing", "/", "/sluice.svg"}) {
            assertThat(get(path, "Host: localhost\r\n" + header))
                    .startsWith("HTTP/1.1 403")
                    .contains("PROXY_REFUSED");
        }
        assertThat(request("PUT", "/v1/datasets/" + Api.newName(), header)).contains("PROXY_REFUSED");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|Sec-Fetch-Site: cross-site",
                "GET|Sec-Fetch-Site: same-site",
                "GET|Origin: http://evil.example",
                "GET|Origin: null",
                "PUT|Sec-Fetch-Site: cross-site",
                "PUT|Sec-Fetch-Site: same-site",
                "PUT|Origin: http://evil.example",
                "PUT|Origin: http://localhost:1",
                "PUT|Origin: null",
                "DELETE|Origin: http://evil.example"
            })
    void aPageOfAnotherSiteNeitherReadsNorWrites(String method, String header) {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);

        assertThat(request(method, "/v1/datasets/" + name, header))
                .startsWith("HTTP/1.1 403")
                .contains("ORIGIN_REFUSED")
                .doesNotContainIgnoringCase("access-control-allow");
        assertThat(Api.get("/v1/datasets/" + name).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "Origin: http://localhost", "Accept: */*"
            })
    void ourOwnPagesAndProgramsDo(String header) {
        assertThat(request("PUT", "/v1/datasets/" + Api.newName(), header)).startsWith("HTTP/1.1 422"); // it is empty
    }

    @Test
    void aLinkFromAnotherSiteMayBeFollowed() {
        assertThat(request("GET", "/v1/datasets", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate"))
                .startsWith("HTTP/1.1 200");
    }

    private static String get(String path, String host) {
        try (Client client = Client.to(Shared.service())) {
            return client.send("GET " + path + " HTTP/1.1\r\n" + host + "\r\nConnection: close\r\n\r\n")
                    .readAll();
        }
    }

    private static String request(String method, String path, String header) {
        try (Client client = Client.to(Shared.service())) {
            return client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header
                            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    .readAll();
        }
    }
}
