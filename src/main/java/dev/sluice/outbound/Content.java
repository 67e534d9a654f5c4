package dev.sluice.outbound;

import java.io.InputStream;
import java.nio.channels.AsynchronousCloseException;

/** A body that is coming, and the head of its answer. Must be closed. */
public final class Content implements Fetched, AutoCloseable {
    private final InputStream body;
    private final Long length;
    private final String mediaType;
    private final String etag;
    private final String lastModified;
    private final Cancellation cancellation;

    Content(
            InputStream body,
            Long length,
            String mediaType,
            String etag,
            String lastModified,
            Cancellation cancellation) {
        this.body = body;
        this.length = length;
        this.mediaType = mediaType;
        this.etag = etag;
        this.lastModified = lastModified;
        this.cancellation = cancellation;
    }

    /**
     * The decoded bytes, always the same stream, read by one thread at a time. Reading blocks; while nobody reads, the
     * source is held back. The stream ends only where the body is complete: every other end is a {@link FetchException},
     * or an {@link AsynchronousCloseException} after {@link #close}.
     */
    public InputStream body() {
        return body;
    }

    /** The announced size of the body as sent, in bytes; {@code null} if it was not announced. */
    public Long length() {
        return length;
    }

    /** The {@code Content-Type}; {@code null} if the source gave none. */
    public String mediaType() {
        return mediaType;
    }

    /** As the source gave it; {@code null} if it gave none. */
    public String etag() {
        return etag;
    }

    /** As the source gave it; {@code null} if it gave none. */
    public String lastModified() {
        return lastModified;
    }

    /** From any thread, any number of times: lets go of the source at once and ends a read that is blocked. */
    @Override
    public void close() {
        cancellation.cancel();
        if (body instanceof Gunzip gunzip) {
            gunzip.close();
        }
    }
}
