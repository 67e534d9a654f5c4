package dev.sluice.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '\0',
            value = {
                "/x?a={b} /x?a=%7Bb%7D",
                "/x?a=b|c^d` /x?a=b%7Cc%5Ed%60",
                "/x?a=\"b\"&c=<d> /x?a=%22b%22&c=%3Cd%3E",
                "/x?a=\\d /x?a=%5Cd",
                "/a|b{c}?d /a%7Cb%7Bc%7D?d",
                "/x?a=\u00C3\u00A9 /x?a=%C3%A9"
            })
    void whatUrisDoNotTakeIsEncoded(String raw, String encoded) {
        assertThat(RequestTarget.encoded(raw)).isEqualTo(encoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/x?a=eq.(1)&b=%25'*!~", "/x?a[]=1", "*", "http://a/b?c", "//a", "/x?%C3%A9", "/x?"})
    void aUriStaysAsItIs(String target) {
        assertThat(RequestTarget.encoded(target)).isSameAs(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x?a=50%",
                "/x?a=%",
                "/x?a=%4",
                "/x?a=%zz",
                "/x?a=%2",
                "/%",
                "/%g0",
                "/x?a=%+1",
                "/x?a=b\tc",
                "/x?a=b\rc",
                "/x?a=\0",
                "/x?a=\u007F",
                "/x#a",
                "/x?a=#b",
                "/x?%FF",
                "/%C3",
                "/x?\u00E9",
                "/x?%C3=\u00A9",
                "http://["
            })
    void whatCanBeReadInMoreThanOneWayIsRefused(String target) {
        assertThatThrownBy(() -> RequestTarget.encoded(target))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
    }

    @Test
    void everyOctetMakesAUriOrIsRefused() {
        for (char c = 0; c < 256; c++) {
            String target = "/a" + c + "?b=" + c;
            try {
                URI uri = URI.create(RequestTarget.encoded(target));

                assertThat(uri.getRawFragment()).isNull();
                assertThat(RequestTarget.encoded(uri.toString())).isEqualTo(uri.toString());
            } catch (ProblemException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_INVALID);
            }
        }
    }
}
