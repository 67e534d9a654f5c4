package dev.sluice.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads answers of HTTP/1.1 and believes nothing of them. */
final class AnswerReader {
    private static final Pattern FIRST = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");
    private static final int MOST = 8 << 20;

    private final InputStream in;

    AnswerReader(InputStream in) {
        this.in = in;
    }

    /** The answer to a request of that method. */
    Outcome read(String method) throws IOException {
        while (true) {
            String line = line();
            if (line == null) {
                return new Outcome.Closed();
            }
            Matcher first = FIRST.matcher(line);
            if (!first.matches()) {
                return new Outcome.Garbled("The status line is: " + line);
            }
            Map<String, String> headers = headers();
            int status = Integer.parseInt(first.group(1));
            if (status == 101 || status >= 200) {
                return answer(method, status, headers);
            }
        }
    }

    private Outcome answer(String method, int status, Map<String, String> headers) throws IOException {
        try {
            String length = headers.get("content-length");
            if (method.equals("HEAD") || status == 204 || status == 304) {
                return new Outcome.Answer(status, headers, "", true);
            } else if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
                boolean events = headers.getOrDefault("content-type", "").startsWith("text/event-stream");
                return new Outcome.Answer(status, headers, events ? some() : chunks(), !events);
            } else if (length != null) {
                return new Outcome.Answer(status, headers, exactly(Integer.parseInt(length)), true);
            }
            return new Outcome.Answer(status, headers, some(), false);
        } catch (EOFException | SocketTimeoutException | NumberFormatException e) {
            return new Outcome.Garbled("The body of an answer " + status + " " + headers + " broke off: " + e);
        }
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); line != null && !line.isEmpty(); line = line()) {
            String[] parts = line.split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts.length == 2 ? parts[1].strip() : "");
        }
        return headers;
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            String size = line();
            if (size == null) {
                throw new EOFException();
            }
            int length = Integer.parseInt(size, 16);
            body.append(exactly(length));
            line();
            if (length == 0) {
                return body.toString();
            }
        }
    }

    private String exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(Math.min(length, MOST));
        if (bytes.length < length) {
            throw new EOFException();
        }
        return new String(bytes, ISO_8859_1);
    }

    /** What is here already of something that may go on for long. */
    private String some() throws IOException {
        byte[] bytes = new byte[64 * 1024];
        int read = in.read(bytes);
        return new String(bytes, 0, Math.max(0, read), ISO_8859_1);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return line.isEmpty() ? null : line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
