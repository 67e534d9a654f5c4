package dev.sluice.outbound;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * User and password of a URL, and the origin they are for.
 *
 * @param authorization value of the header; {@code null} if there are no credentials
 */
record Credentials(String scheme, String host, int port, String authorization) {

    static Credentials of(URI uri) {
        String user = uri.getRawUserInfo();
        return new Credentials(uri.getScheme(), uri.getHost(), port(uri), user == null ? null : basic(user));
    }

    /** What is left of them once a redirect has led elsewhere. */
    static Credentials none(URI uri) {
        return new Credentials(uri.getScheme(), uri.getHost(), port(uri), null);
    }

    /** RFC 7617. In a user's part {@code +} is no space. */
    private static String basic(String rawUserInfo) {
        String pair = URLDecoder.decode(rawUserInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
        String full = pair.indexOf(':') < 0 ? pair + ":" : pair;
        return "Basic " + Base64.getEncoder().encodeToString(full.getBytes(StandardCharsets.UTF_8));
    }

    /** The header's value for a request to this URL, if it is of the same origin. */
    Optional<String> header(URI uri) {
        boolean same = uri.getScheme().equals(scheme) && uri.getHost().equals(host) && port(uri) == port;
        return same ? Optional.ofNullable(authorization) : Optional.empty();
    }

    private static int port(URI uri) {
        return uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    }
}
