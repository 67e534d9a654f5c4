package dev.sluice.access;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Where a request of a browser comes from, by what no page can forge: Sec-Fetch-Site (W3C Fetch Metadata), and where a
 * browser sends none, Origin (RFC 6454) against Host.
 *
 * @param method of the request
 * @param site Sec-Fetch-Site; {@code null} if there is none
 * @param mode Sec-Fetch-Mode; the same
 * @param origin Origin; the same
 * @param isSecure whether the browser is known to have used TLS
 */
record Origin(String method, String site, String mode, String origin, String host, boolean isSecure) {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN = Set.of("same-origin", "none");

    static Origin of(ContainerRequestContext request, boolean isSecure) {
        return new Origin(
                request.getMethod(),
                request.getHeaderString("Sec-Fetch-Site"),
                request.getHeaderString("Sec-Fetch-Mode"),
                request.getHeaderString("Origin"),
                request.getHeaderString(HttpHeaders.HOST),
                isSecure);
    }

    /**
     * Lets in what is shown to come from a page of our own, and what changes nothing and is not shown to come from a page of
     * another origin. For requests whose browser adds the proof of who asks by itself, which is a cookie.
     *
     * @throws ProblemException {@code ORIGIN_REFUSED}
     */
    void requireOwn() {
        if (!SAFE.contains(method) && !isOwn()) {
            throw new ProblemException(
                    ErrorCode.ORIGIN_REFUSED,
                    "A change by a session takes the header Sec-Fetch-Site: same-origin, or the Origin of this host.");
        }
        refuseOtherSites();
    }

    /**
     * Lets in all that does not come from a page of another site, programs included. Links from there may be followed.
     *
     * @throws ProblemException {@code ORIGIN_REFUSED}
     */
    void refuseOtherSites() {
        boolean fromAPage = site != null || origin != null;
        boolean link = SAFE.contains(method) && "navigate".equals(mode);
        if (fromAPage && !link && !isOwn()) {
            throw new ProblemException(ErrorCode.ORIGIN_REFUSED, "The request comes from a page of another site.");
        }
    }

    private boolean isOwn() {
        if (site != null) {
            return OWN.contains(site);
        }
        if (origin == null || host == null) {
            return false;
        }
        try {
            URI page = URI.create(origin);
            return host.toLowerCase(Locale.ROOT).equals(page.getAuthority())
                    && (!isSecure || "https".equals(page.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
