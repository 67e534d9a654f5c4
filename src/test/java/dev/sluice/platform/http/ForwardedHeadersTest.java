package dev.sluice.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedHeadersTest {
    private static final TrustedProxies TRUSTED =
            TrustedProxies.of(List.of("127.0.0.1", "10.0.0.0/8", "[fd00::1]:443", "localhost", "proxy.invalid"));

    private static HttpHeaders reduced(TrustedProxies trusted, String... namesAndValues) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        new ForwardedHeaders(trusted).reduce(headers);
        return headers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.2.3.4|1.2.3.4",
                "6.6.6.6, 1.2.3.4|1.2.3.4",
                "6.6.6.6, 1.2.3.4, 10.0.0.7|1.2.3.4",
                "6.6.6.6,1.2.3.4,10.0.0.7,127.0.0.1|1.2.3.4",
                "10.0.0.1, 1.2.3.4, 10.0.0.7|1.2.3.4",
                "6.6.6.6:1, 1.2.3.4:4711, 10.0.0.7:80|1.2.3.4",
                "6.6.6.6, 2001:db8::1, fd00::1|2001:db8:0:0:0:0:0:1",
                "6.6.6.6, [2001:db8::1]:80, [fd00::1]|2001:db8:0:0:0:0:0:1",
                "6.6.6.6, fd00::2|fd00:0:0:0:0:0:0:2",
                "6.6.6.6, ::ffff:1.2.3.4|1.2.3.4",
                "6.6.6.6, ::ffff:10.0.0.7|6.6.6.6",
                "10.0.0.9, 10.0.0.7|10.0.0.9",
                "6.6.6.6, unknown, 10.0.0.7|10.0.0.7",
                "6.6.6.6, , 10.0.0.7|10.0.0.7",
                "6.6.6.6, proxy.invalid, 10.0.0.7|10.0.0.7",
                "6.6.6.6, fe80::1%eth0, 10.0.0.7|10.0.0.7",
                "6.6.6.6, unknown|",
                "nonsense|",
                "6.6.6.6,|",
            })
    void theLastAddressThatIsNoTrustedProxyCounts(String header, String client) {
        assertThat(reduced(TRUSTED, "X-Forwarded-For", header).get("X-Forwarded-For"))
                .isEqualTo(client);
    }

    @Test
    void headersOfOneNameAreOneList() {
        assertThat(reduced(
                                TRUSTED,
                                "X-Forwarded-For",
                                "6.6.6.6",
                                "x-forwarded-for",
                                "1.2.3.4",
                                "X-Forwarded-For",
                                "10.1.1.1")
                        .getAll("X-Forwarded-For"))
                .containsExactly("1.2.3.4");
    }

    @Test
    void withoutAListOfProxiesTheLastAddressCounts() {
        assertThat(reduced(TrustedProxies.of(List.of()), "X-Forwarded-For", "6.6.6.6, 10.0.0.7")
                        .get("X-Forwarded-For"))
                .isEqualTo("10.0.0.7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.2.3.4, 10.0.0.7|https, http|https",
                "6.6.6.6, 1.2.3.4, 10.0.0.7|http, https, http|https",
                "6.6.6.6, 1.2.3.4|http, https|https",
                "6.6.6.6, 1.2.3.4, 10.0.0.7|ftp, https|https",
                "1.2.3.4|https|https",
                "unknown|ftp, https|https",
            })
    void theSchemeIsTheClients(String hops, String schemes, String scheme) {
        assertThat(reduced(TRUSTED, "X-Forwarded-For", hops, "X-Forwarded-Proto", schemes)
                        .get("X-Forwarded-Proto"))
                .isEqualTo(scheme);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=1.2.3.4|for=\"1.2.3.4\"",
                "for=6.6.6.6, for=1.2.3.4;proto=https, For=\"10.0.0.7:80\";by=x|for=\"1.2.3.4\";proto=\"https\"",
                "for=6.6.6.6;proto=http,for=\"[2001:db8::1]:1\";host=\"a.example:8\"|for=\"2001:db8:0:0:0:0:0:1\";host=\"a.example:8\"",
                "for=6.6.6.6, for=_hidden, for=10.0.0.7|for=\"10.0.0.7\"",
                "for=6.6.6.6, proto=https|",
                "for=\"6.6.6.6, for=1.2.3.4|",
                "for=1.2.3.4;host=\"for=6.6.6.6\"|for=\"1.2.3.4\"",
                "xfor=6.6.6.6;for=1.2.3.4|for=\"1.2.3.4\"",
                "nonsense|",
            })
    void soDoesTheElementOfTheStandardHeader(String header, String left) {
        assertThat(reduced(TRUSTED, "Forwarded", header).get("Forwarded")).isEqualTo(left);
    }

    @Test
    void aRequestWithoutThemStaysAsItIs() {
        assertThat(reduced(TRUSTED, "Host", "a, b").entries()).hasSize(1);
    }
}
