package dev.sluice.access.session;

import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The cookie that carries the secret of a session. */
public final class SessionCookie {
    private static final String NAME = "sluice_session";

    /** With it a browser takes the cookie from this very host alone, over TLS, for all of its paths (RFC 6265bis). */
    private static final String OF_THIS_HOST = "__Host-";

    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    private SessionCookie() {}

    /** The secret that a request has in its cookie. Whatever else is there need not be well formed. */
    public static Optional<String> secret(HttpServerRequest request) {
        String name = name(request);
        String cookies = String.join("; ", request.headers().getAll("Cookie"));
        return ServerCookieDecoder.LAX.decode(cookies).stream()
                .filter(cookie -> cookie.name().equals(name))
                .map(Cookie::value)
                .findFirst();
    }

    static NewCookie of(String secret, Duration life, HttpServerRequest request) {
        return new NewCookie.Builder(name(request))
                .value(secret)
                .path("/")
                .httpOnly(true)
                .sameSite(NewCookie.SameSite.LAX)
                .secure(!isPlainLocal(request))
                .maxAge(Math.toIntExact(life.toSeconds()))
                .build();
    }

    /** What makes a client forget it. */
    static NewCookie none(HttpServerRequest request) {
        return of("", Duration.ZERO, request);
    }

    /** A page of a sibling host can plant a cookie of the plain name, so that name counts on this machine alone. */
    private static String name(HttpServerRequest request) {
        return isPlainLocal(request) ? NAME : OF_THIS_HOST + NAME;
    }

    /** Not every browser takes a secure cookie from there. */
    private static boolean isPlainLocal(HttpServerRequest request) {
        return request.authority() != null
                && !request.isSSL()
                && LOCAL.contains(request.authority().host());
    }
}
