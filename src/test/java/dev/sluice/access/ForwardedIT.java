package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose address counts behind proxies: this test is the last of them. */
class ForwardedIT {
    private static final int BURST = 20;

    private static Service web;

    @BeforeAll
    static void start() {
        Map<String, String> configuration = Keyed.mode(Servers.migratedDatabase());
        configuration.put("quarkus.http.proxy.proxy-address-forwarding", "true");
        configuration.put("quarkus.http.proxy.allow-forwarded", "true");
        configuration.put("quarkus.http.proxy.allow-x-forwarded", "true");
        configuration.put("quarkus.http.proxy.strict-forwarded-control", "false");
        configuration.put("quarkus.http.proxy.trusted-proxies", "127.0.0.1,10.0.0.0/8,fd00::/8");
        configuration.put("sluice.limit.address.per-second", "1");
        configuration.put("sluice.limit.address.burst", Integer.toString(BURST));
        web = Service.start("web", configuration).awaitReady();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "X-Forwarded-For|6.6.6.6, 1.2.3.1|1.2.3.1",
                "X-Forwarded-For|6.6.6.6, 1.2.3.2, 10.0.0.7|1.2.3.2",
                "X-Forwarded-For|6.6.6.6:1, 1.2.3.3:4711, 10.0.0.7:80|1.2.3.3",
                "X-Forwarded-For|6.6.6.6, [2001:db8::1]:80, fd00::1|2001:db8:0:0:0:0:0:1",
                "X-Forwarded-For|6.6.6.6, nonsense, 10.0.0.8|10.0.0.8",
                "X-Forwarded-For|nonsense|127.0.0.1",
                "Forwarded|for=6.6.6.6, for=1.2.3.4;proto=https, for=10.0.0.7|1.2.3.4",
                "Forwarded|for=6.6.6.6, for=\"[2001:db8::2]:80\"|2001:db8:0:0:0:0:0:2",
            })
    void theAccessLogHasTheAddressThatATrustedProxySaw(String header, String value, String client) {
        String path = "/v1/datasets/" + Integer.toHexString(value.hashCode());
        Keyed.at(web).header(header, value).get(path).then().statusCode(401);
        Await.until("the access log", Duration.ofSeconds(10), () -> web.output().contains(path));
        assertThat(web.output().lines().filter(line -> line.contains(path)).toList())
                .hasSize(1)
                .allMatch(line -> line.contains("\"message\":\"" + client + " "));
    }

    @Test
    void aForgedAddressEscapesNoLimit() {
        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < BURST + 10; i++) {
            String hops = "6.6.6." + i + ", 1.2.3.100, 10.0.0." + i;
            answers.add(Keyed.at(web)
                    .header("X-Forwarded-For", hops)
                    .get("/v1/datasets")
                    .statusCode());
        }
        assertThat(answers).contains(401).contains(429);
        assertThat(Keyed.at(web)
                        .header("X-Forwarded-For", "1.2.3.100, 1.2.3.101")
                        .get("/v1/datasets")
                        .statusCode())
                .isEqualTo(401);
    }
}
