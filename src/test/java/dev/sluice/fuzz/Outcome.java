package dev.sluice.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.Map;

/** What came of a request. */
sealed interface Outcome {
    /**
     * An answer.
     *
     * @param headers by their names in lower case; of several the last
     * @param isFramed whether its end was shown by itself and not by the end of the connection
     */
    record Answer(int status, Map<String, String> headers, String body, boolean isFramed) implements Outcome {
        public Answer {
            headers = Map.copyOf(headers);
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String type() {
            return header("content-type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        }

        byte[] bytes() {
            return body.getBytes(ISO_8859_1);
        }

        @Override
        public String toString() {
            return status + " " + headers + "\n" + body.substring(0, Math.min(2000, body.length()));
        }
    }

    /** The connection ended without one. */
    record Closed() implements Outcome {}

    /** Nothing in time. */
    record Silent() implements Outcome {}

    /** Something that is no answer of HTTP/1.1, or that ends before it is complete. */
    record Garbled(String what) implements Outcome {}
}
