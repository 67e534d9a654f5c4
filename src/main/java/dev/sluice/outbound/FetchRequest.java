package dev.sluice.outbound;

import java.net.URI;
import java.util.Objects;

/**
 * What to fetch.
 *
 * @param uri may hold a user and a password, which are sent to its own scheme, host and port only
 * @param etag of the content we already have, as the source gave it; {@code null} if it gave none or we have none
 * @param lastModified of the content we already have, as the source gave it; {@code null} if it gave none or we have none
 */
public record FetchRequest(URI uri, String etag, String lastModified) {
    public FetchRequest {
        Objects.requireNonNull(uri);
    }

    /** Shows no credentials. */
    @Override
    public String toString() {
        return "FetchRequest[" + Redacted.url(uri) + "]";
    }
}
