package dev.sluice.platform.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;

/**
 * The target of a request (RFC 9112, section 3.2). Clients that follow the WHATWG URL standard (browsers, fetch, httpx) send
 * characters as they are that RFC 3986 wants percent-encoded. They are encoded here, before any layer reads the target: so
 * both forms are the same request to all of them.
 */
final class RequestTarget {
    /** In no URI (RFC 3986, appendix A), but sent by clients. */
    private static final String UNENCODED = "\"<>\\^`{|}";

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private RequestTarget() {}

    /**
     * The target with all percent-encoded that a URI does not take.
     *
     * @param raw as it came: a byte a character
     * @throws ProblemException {@code REQUEST_INVALID}: it cannot be read in one way alone
     */
    static String encoded(String raw) {
        StringBuilder encoded = null;
        boolean ascii = true;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                ascii &= octet(raw, i) < 0x80;
            } else if (c == '#') {
                throw invalid("Send '#' in a path or a query as %23.");
            } else if (c <= ' ' || c == 0x7F) {
                throw invalid("A control character must be percent-encoded.");
            }
            boolean encodes = c >= 0x80 || UNENCODED.indexOf(c) >= 0;
            ascii &= c < 0x80;
            if (encodes && encoded == null) {
                encoded = new StringBuilder(raw.length() + 32).append(raw, 0, i);
            }
            if (encodes) {
                encoded.append('%').append(HEX.toHexDigits((byte) c));
            } else if (encoded != null) {
                encoded.append(c);
            }
        }
        if (!ascii) {
            checkText(raw);
        }
        return checkedUri(encoded == null ? raw : encoded.toString());
    }

    /** The octet that an escape stands for. */
    private static int octet(String raw, int percent) {
        if (percent + 2 >= raw.length()
                || !HexFormat.isHexDigit(raw.charAt(percent + 1))
                || !HexFormat.isHexDigit(raw.charAt(percent + 2))) {
            throw invalid("Two hexadecimal digits must follow a '%'; send the character itself as %25.");
        }
        return HexFormat.fromHexDigits(raw, percent + 1, percent + 3);
    }

    private static void checkText(String raw) {
        byte[] octets = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            boolean escape = raw.charAt(i) == '%';
            octets[length++] = (byte) (escape ? octet(raw, i) : raw.charAt(i));
            i += escape ? 2 : 0;
        }
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, 0, length));
        } catch (CharacterCodingException e) {
            throw invalid("The path and the query must be text in UTF-8.");
        }
    }

    private static String checkedUri(String target) {
        try {
            new URI(target);
            return target;
        } catch (URISyntaxException e) {
            throw invalid("The path and the query are not those of a URI.");
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.REQUEST_INVALID, detail);
    }
}
