package dev.sluice.outbound;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL as people write it, split by one grammar and put together again, so that nothing after it can read another host
 * from the same text.
 */
record SourceUrl(URI uri, Host host) {
    private static final int MAX_LENGTH = 8192;
    private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Z}\\\\<>\"^`{|}\\uFFFD\\p{Cs}]");
    private static final Pattern GRAMMAR =
            Pattern.compile("(https?)://([^/?#]*)(/[^?#]*)?(\\?[^#]*)?(#.*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:([^@]*)@)?(\\[[^\\[\\]@]*]|[^:@\\[\\]]+)(?::([0-9]{1,5}))?");

    /**
     * Reads an absolute URL. The fragment is dropped, since no server ever sees it.
     *
     * @throws ProblemException {@code SOURCE_URL_INVALID}, {@code SOURCE_ADDRESS_REFUSED}; it does not repeat the URL,
     *     which may hold credentials
     */
    static SourceUrl of(String written) {
        if (written == null || written.isEmpty() || written.length() > MAX_LENGTH) {
            throw invalid("A URL has between 1 and " + MAX_LENGTH + " characters.");
        }
        if (FORBIDDEN.matcher(written).find()) {
            throw invalid("The URL has spaces, control characters, or others that must be percent-encoded.");
        }
        Matcher url = GRAMMAR.matcher(written);
        if (!url.matches()) {
            throw invalid("The URL must begin with http:// or https:// and a host.");
        }
        Matcher authority = AUTHORITY.matcher(url.group(2));
        if (!authority.matches()) {
            throw invalid("What stands between // and the path is not [user[:password]@]host[:port].");
        }
        Host host = Host.of(authority.group(2));
        String user = authority.group(1) == null ? "" : authority.group(1) + "@";
        String text = url.group(1).toLowerCase(Locale.ROOT) + "://" + user + host.text() + port(authority.group(3))
                + (url.group(3) == null ? "/" : url.group(3)) + (url.group(4) == null ? "" : url.group(4));
        return new SourceUrl(uri(text, host), host);
    }

    private static String port(String digits) {
        if (digits == null) {
            return "";
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65535) {
            throw invalid("A port is a number between 1 and 65535.");
        }
        return ":" + port;
    }

    private static URI uri(String text, Host host) {
        try {
            URI uri = new URI(new URI(text).toASCIIString());
            if (!host.text().equals(uri.getHost())) {
                throw invalid("The host cannot be read unambiguously.");
            }
            return uri;
        } catch (URISyntaxException e) {
            ProblemException problem = invalid("The URL is not well-formed.");
            problem.initCause(e);
            throw problem;
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.SOURCE_URL_INVALID, detail);
    }
}
