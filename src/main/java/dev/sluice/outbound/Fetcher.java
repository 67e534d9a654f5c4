package dev.sluice.outbound;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Fetches what is behind a URL. Safe for use by many threads; keeps nothing of one fetch for another but connections. */
@ApplicationScoped
public class Fetcher {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final AddressGuard guard;
    private final Connections connections;
    private final OutboundConfig config;

    Fetcher(AddressGuard guard, Connections connections, OutboundConfig config) {
        this.guard = guard;
        this.connections = connections;
        this.config = config;
    }

    /**
     * Follows redirects to an answer and returns when its head is here. Blocks, so call it on a thread of the operating system;
     * interrupting that thread ends it with {@code DRAINING}.
     *
     * @throws FetchException {@code SOURCE_URL_INVALID}, {@code SOURCE_ADDRESS_REFUSED}, {@code SOURCE_UNREACHABLE}, {@code
     *     SOURCE_REFUSED}, {@code SOURCE_REDIRECT_REFUSED}, {@code SOURCE_ENCODING_INVALID}, {@code BODY_TOO_LARGE}, {@code
     *     DRAINING}
     */
    public Fetched fetch(FetchRequest request) throws FetchException {
        Deadline deadline = Deadline.in(config.timeLimit());
        URI uri = checked(request.uri().toString());
        Credentials credentials = Credentials.of(uri);
        for (int redirects = 0; ; redirects++) {
            Cancellation cancellation = new Cancellation();
            Origin origin = new Origin(connections, uri, headers(request, uri, credentials), deadline, cancellation);
            Response response = head(origin);
            if (!REDIRECTS.contains(response.status())) {
                return fetched(request, origin, response);
            }
            response.abort();
            if (redirects == config.maxRedirects()) {
                throw redirectRefused("The source redirects more than " + redirects + " times.", null);
            }
            URI next = target(uri, response.header("Location"));
            if (credentials.header(next).isEmpty()) {
                credentials = Credentials.none(next);
            }
            uri = next;
        }
    }

    private static Response head(Origin origin) throws FetchException {
        try {
            return origin.get();
        } catch (FetchException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException(e); // nobody else knows the cancellation yet
        }
    }

    private URI checked(String url) throws FetchException {
        try {
            return guard.checkedUri(url);
        } catch (ProblemException e) {
            throw FetchException.permanent(e);
        }
    }

    private static Map<String, String> headers(FetchRequest request, URI uri, Credentials credentials) {
        Map<String, String> headers = new HashMap<>();
        headers.put("User-Agent", "Sluice");
        headers.put("Accept", "*/*");
        headers.put("Accept-Encoding", "gzip");
        credentials.header(uri).ifPresent(value -> headers.put("Authorization", value));
        if (request.etag() != null) {
            headers.put("If-None-Match", request.etag());
        }
        if (request.lastModified() != null) {
            headers.put("If-Modified-Since", request.lastModified());
        }
        return headers;
    }

    private URI target(URI from, String location) throws FetchException {
        if (location == null) {
            throw redirectRefused("The source redirects to nowhere.", null);
        }
        URI to;
        try {
            to = guard.checkedUri(from.resolve(location.trim()).toString());
        } catch (IllegalArgumentException e) {
            throw redirectRefused("The source redirects to what is not a URL.", e);
        } catch (ProblemException e) {
            throw e.code() == ErrorCode.SOURCE_ADDRESS_REFUSED
                    ? FetchException.permanent(e)
                    : redirectRefused("The source redirects to a URL that cannot be fetched.", e);
        }
        if (from.getScheme().equals("https") && to.getScheme().equals("http")) {
            throw redirectRefused("The source redirects from https to http.", null);
        }
        return to;
    }

    private static FetchException redirectRefused(String detail, Throwable cause) {
        return FetchException.permanent(ErrorCode.SOURCE_REDIRECT_REFUSED, detail, cause);
    }

    private Fetched fetched(FetchRequest request, Origin origin, Response response) throws FetchException {
        int status = response.status();
        boolean conditional = request.etag() != null || request.lastModified() != null;
        if (status == 200) {
            return content(origin, response);
        }
        response.abort();
        if (status == 304 && conditional) {
            return new NotModified();
        }
        String detail = "The source answered with status " + status + ".";
        if (status >= 500 || status == 429) {
            throw FetchException.retryableAfter(
                    RetryAfter.of(response.header("Retry-After"), Instant.now()), ErrorCode.SOURCE_REFUSED, detail);
        }
        throw FetchException.permanent(ErrorCode.SOURCE_REFUSED, detail, null);
    }

    private Content content(Origin origin, Response response) throws FetchException {
        Long length = length(response);
        if (length != null && length > config.maxSize().asLongValue()) {
            response.abort();
            throw ResumingBody.tooLarge(config);
        }
        ResumingBody encoded = new ResumingBody(origin, response, length, config);
        return new Content(
                decoded(encoded, response),
                length,
                response.header("Content-Type"),
                response.header("ETag"),
                response.header("Last-Modified"),
                origin.cancellation());
    }

    private InputStream decoded(ResumingBody encoded, Response response) throws FetchException {
        String encoding = response.header("Content-Encoding");
        return switch (encoding == null ? "identity" : encoding.trim().toLowerCase(Locale.ROOT)) {
            case "identity", "" -> encoded;
            case "gzip", "x-gzip" -> new Gunzip(encoded, config);
            default -> {
                encoded.close();
                throw FetchException.permanent(
                        ErrorCode.SOURCE_ENCODING_INVALID, "The source sent an encoding it was not asked for.", null);
            }
        };
    }

    /** Framing by chunks comes before a length that is announced beside it (RFC 9112, section 6.3). */
    private static Long length(Response response) {
        String length = response.header("Content-Length");
        try {
            return length == null || response.header("Transfer-Encoding") != null ? null : Long.valueOf(length.trim());
        } catch (NumberFormatException _) {
            return null; // the framing was understood without it
        }
    }
}
