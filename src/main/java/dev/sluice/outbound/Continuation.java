package dev.sluice.outbound;

import java.util.Objects;

/**
 * Whether a body that breaks off can be continued, by the head of its answer.
 *
 * @param validator for {@code If-Range}; {@code null} if there is none, and no continuing
 * @param encoding of the bytes that were sent; {@code null} if none
 */
record Continuation(String validator, String encoding) {

    static Continuation of(Response first) {
        String encoding = first.header("Content-Encoding");
        return new Continuation(
                "none".equals(first.header("Accept-Ranges")) ? null : validator(first, encoding), encoding);
    }

    /**
     * A strong ETag names these very bytes. A date names a resource, not one of its encodings: it is good enough only for a
     * body that is not encoded.
     */
    private static String validator(Response first, String encoding) {
        String etag = first.header("ETag");
        if (etag != null && etag.startsWith("\"")) {
            return etag;
        }
        return encoding == null ? first.header("Last-Modified") : null;
    }

    boolean possible() {
        return validator != null;
    }

    /**
     * Whether an answer is the rest of the same bytes.
     *
     * @param total length of the whole; {@code null} if it is not known yet
     */
    boolean isRest(Response answer, long position, Long total) {
        ByteRange range = ByteRange.of(answer.header("Content-Range"));
        return answer.status() == 206
                && range != null
                && range.start() == position
                && (total == null || range.total() == total)
                && Objects.equals(encoding, answer.header("Content-Encoding"));
    }
}
