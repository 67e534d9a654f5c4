package dev.sluice.harness;

import dev.sluice.harness.Source.Received;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Answers with a file, as the methods have it: each gives a new answer that differs in one thing. Without them it is a
 * plain 200 with a true {@code Content-Length}.
 */
public final class SourceFile implements SourceAnswer {
    private enum Ranges {
        NEVER,
        IF_UNCHANGED,
        ALWAYS
    }

    private final byte[] bytes;
    private final Map<String, String> headers;
    private final Ranges ranges;
    private final long announced;
    private final long sent;
    private final boolean stalls;

    /**
     * @param ranges when {@code Range} is honoured
     * @param announced length of the whole; negative: none, and the body is chunked
     * @param sent bytes of an answer after which it does not go on
     * @param stalls whether it then sends nothing more instead of closing the connection
     */
    private SourceFile(
            byte[] bytes, Map<String, String> headers, Ranges ranges, long announced, long sent, boolean stalls) {
        this.bytes = bytes;
        this.headers = headers;
        this.ranges = ranges;
        this.announced = announced;
        this.sent = sent;
        this.stalls = stalls;
    }

    public static SourceFile of(byte[] bytes) {
        return new SourceFile(bytes, Map.of(), Ranges.NEVER, bytes.length, Long.MAX_VALUE, false);
    }

    /** The file in gzip, said to be so. */
    public static SourceFile gzip(byte[] bytes) {
        return of(compressed(bytes)).with("Content-Encoding", "gzip");
    }

    public static byte[] compressed(byte[] bytes) {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return gzip.toByteArray();
    }

    public SourceFile with(String header, String value) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(header, value);
        return new SourceFile(bytes, Map.copyOf(all), ranges, announced, sent, stalls);
    }

    /** Answers conditional requests with this, a quoted string. */
    public SourceFile withETag(String etag) {
        return with("ETag", etag);
    }

    /** Honours {@code Range}, if {@code If-Range} is one of the file's validators or was not sent. */
    public SourceFile withRanges() {
        return new SourceFile(bytes, headers, Ranges.IF_UNCHANGED, announced, sent, stalls);
    }

    /** Honours {@code Range} whatever {@code If-Range} says, as a source does that does not know it. */
    public SourceFile withHeedlessRanges() {
        return new SourceFile(bytes, headers, Ranges.ALWAYS, announced, sent, stalls);
    }

    /** Says it has so many bytes, whatever the truth; a smaller number than the truth ends there. */
    public SourceFile announcing(long length) {
        return new SourceFile(bytes, headers, ranges, length, sent, stalls);
    }

    /** Chunked, with no length. */
    public SourceFile chunked() {
        return announcing(-1);
    }

    /** Closes the connection after so many bytes of every answer. */
    public SourceFile droppingAfter(long count) {
        return new SourceFile(bytes, headers, ranges, announced, count, false);
    }

    /** Sends nothing more after so many bytes of every answer. */
    public SourceFile stallingAfter(long count) {
        return new SourceFile(bytes, headers, ranges, announced, count, true);
    }

    @Override
    public void answer(Received request, SourceOutput out) throws IOException {
        String etag = headers.get("ETag");
        String modified = headers.get("Last-Modified");
        if (etag != null && etag.equals(request.header("If-None-Match"))
                || etag == null && modified != null && modified.equals(request.header("If-Modified-Since"))) {
            out.head(304, headers);
            return;
        }
        Map<String, String> all = new HashMap<>(headers);
        int start = start(request);
        if (start > 0) {
            all.put("Content-Range", "bytes " + start + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        if (announced < 0) {
            all.put("Transfer-Encoding", "chunked");
        } else {
            all.put("Content-Length", Long.toString(announced - start));
        }
        out.head(start > 0 ? 206 : 200, all);
        body(start, out);
    }

    private int start(Received request) {
        String range = request.header("Range");
        String condition = request.header("If-Range");
        boolean changed = condition != null && !headers.containsValue(condition);
        if (range == null || ranges == Ranges.NEVER || ranges == Ranges.IF_UNCHANGED && changed) {
            return 0;
        }
        return Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    }

    private void body(int start, SourceOutput out) throws IOException {
        int end = (int) Math.min(bytes.length, start + Math.min(sent, bytes.length));
        if (announced < 0 && end > start) {
            out.chunk(Arrays.copyOfRange(bytes, start, end));
        } else {
            out.write(bytes, start, end - start);
        }
        if (end < bytes.length || announced > bytes.length) {
            if (stalls) {
                out.stall();
            }
            throw new HangUp();
        }
        if (announced < 0) {
            out.chunk(new byte[0]);
        }
    }
}
