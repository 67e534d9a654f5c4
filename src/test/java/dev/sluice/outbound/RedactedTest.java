package dev.sluice.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactedTest {

    @ParameterizedTest
    @CsvSource({
        "https://example.com/a.csv, https://example.com/a.csv",
        "https://user:pass@example.com:8080/a, https://***@example.com:8080/a",
        "https://user@example.com/a#secret, https://***@example.com/a",
        "https://example.com/?a=1&access_token=x&b, https://example.com/?a=1&access_token=***&b",
        "https://example.com/?API_KEY=x, https://example.com/?API_KEY=***",
        "https://example.com/?X-Amz-Signature=x&X-Amz-Credential=y, https://example.com/?X-Amz-Signature=***&X-Amz-Credential=***",
        "https://example.com/?client%5Fsecret=x, https://example.com/?client%5Fsecret=***",
        "https://example.com/?%73%69%67=x=y, https://example.com/?%73%69%67=***",
        "https://example.com/?password=&auth=x, https://example.com/?password=***&auth=***",
        "https://example.com/?page=2, https://example.com/?page=2"
    })
    void whatIsSecretIsNotShown(URI uri, String shown) {
        assertThat(Redacted.url(uri)).isEqualTo(shown);
    }

    @Test
    void aRequestShowsNoCredentials() {
        assertThat(new FetchRequest(URI.create("https://u:p@example.com/?sig=s"), null, null))
                .hasToString("FetchRequest[https://***@example.com/?sig=***]");
    }
}
