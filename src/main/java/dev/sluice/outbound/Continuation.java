package dev.sluice.outbound;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Objects;

/**
 * Whether a body that breaks off can be continued, by the head of its answer. The bytes before the break are not compared with
 * anything, so the validators alone keep the parts of two files from becoming one.
 *
 * @param etag of the answer; {@code null} if it has none
 * @param lastModified of the answer, if it is the validator; else {@code null}
 * @param encoding of the bytes that were sent; {@code null} if none
 * @param ranges whether the source says nothing against ranges
 */
record Continuation(String etag, String lastModified, String encoding, boolean ranges) {
    /** What lies between a change and an answer whose clocks may differ, for the change's date to name one file only. */
    private static final Duration DOUBT = Duration.ofSeconds(60);

    static Continuation of(Response first) {
        String etag = first.header("ETag");
        String encoding = first.header("Content-Encoding");
        // A date names a resource, not one of its encodings. With an ETag, even a weak one, it is not to be used (RFC
        // 9110, section 13.1.5).
        String date = etag == null && encoding == null ? strongDate(first) : null;
        return new Continuation(etag, date, encoding, !"none".equals(first.header("Accept-Ranges")));
    }

    /** A file may change twice in the second that its date names: only a date well before the answer is strong (section 8.8.2.2). */
    private static String strongDate(Response first) {
        String modified = first.header("Last-Modified");
        Instant changed = instant(modified);
        Instant answered = instant(first.header("Date"));
        return changed != null && answered != null && !answered.isBefore(changed.plus(DOUBT)) ? modified : null;
    }

    private static Instant instant(String date) {
        try {
            return date == null ? null : DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.trim(), Instant::from);
        } catch (DateTimeException _) {
            return null; // no date, no validator
        }
    }

    /** For {@code If-Range}. */
    String validator() {
        return etag == null ? lastModified : etag;
    }

    /** Whether the source said what to compare the rest by; a weak ETag is not enough. */
    boolean possible() {
        return ranges && (etag == null ? lastModified != null : etag.startsWith("\""));
    }

    /**
     * Whether an answer is the rest of the same bytes. It has to repeat the validator: of an ETag RFC 9110 demands that (section
     * 15.3.7); a date it lets a source leave out, but then a source that overlooks {@code If-Range} could not be told from one that heeds it.
     *
     * @param total length of the whole; {@code null} if it is not known yet
     */
    boolean isRest(Response answer, long position, Long total) {
        ByteRange range = ByteRange.of(answer.header("Content-Range"));
        return answer.status() == 206
                && range != null
                && range.start() == position
                && (total == null || range.total() == total)
                && Objects.equals(encoding, answer.header("Content-Encoding"))
                && Objects.equals(etag, answer.header("ETag"))
                && (lastModified == null || lastModified.equals(answer.header("Last-Modified")));
    }

    /**
     * Whether an answer contradicts the first one: the source has another file now, or the same one in another encoding.
     *
     * @param total length of the whole; {@code null} if it is not known yet
     */
    boolean isOther(Response answer, Long total) {
        ByteRange range = ByteRange.of(answer.header("Content-Range"));
        return (answer.status() == 200 || answer.status() == 206)
                && (differ(etag, answer.header("ETag"))
                        || differ(lastModified, answer.header("Last-Modified"))
                        || range != null && differ(total, range.total())
                        || !Objects.equals(encoding, answer.header("Content-Encoding")));
    }

    private static boolean differ(Object known, Object now) {
        return known != null && now != null && !known.equals(now);
    }
}
