package dev.sluice.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.sluice.platform.memory.MemoryAccount.Input;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The JSON document that a request carries: held in memory as a whole, and so of limited size. */
public final class JsonBody {
    /** More bytes than any document needs, all its characters escaped. */
    public static final int MAX_BYTES = 256 * 1024;

    /** More time than any document needs. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Arrays and objects within each other. Fewer than what readers of JSON allow, who may get it within something else. */
    public static final int MAX_DEPTH = 100;

    /** How much larger a document is when it is parsed, at the most: an empty array takes two bytes and becomes an object. */
    private static final int UNPACKED = 20;

    private static final ObjectReader JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .reader()
            .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonBody() {}

    /**
     * Reads and parses it.
     *
     * @param memory of the document until it is parsed
     * @throws ProblemException {@code REQUEST_INVALID}; {@code BODY_TOO_LARGE} if it has more than {@link #MAX_BYTES}, and
     *     {@code ROWS_BUSY}, and then the rest is not read
     */
    public static JsonNode read(InputStream body, Input memory, RoutingContext routing) throws IOException {
        try (memory) {
            byte[] bytes = bytes(body, MAX_BYTES, memory, routing);
            memory.hold((long) bytes.length * UNPACKED);
            return parsed(bytes);
        }
    }

    /**
     * Reads it without parsing it. Fails as {@link #read} does.
     *
     * @param most bytes it may have
     */
    public static byte[] bytes(InputStream body, int most, Input memory, RoutingContext routing) throws IOException {
        try {
            memory.hold(length(most, routing.request()));
            return bytes(body, most, routing);
        } catch (ProblemException e) {
            HangUp.ifBodyIsLeft(routing);
            throw e;
        }
    }

    private static long length(int most, HttpServerRequest request) {
        String sent = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
        return sent == null ? most : Math.min(most, Long.parseLong(sent)); // which Netty has checked
    }

    /**
     * Reads a small one. A client that has not sent all of it within {@link #PATIENCE} is hung up on.
     *
     * @param most bytes it may have
     * @throws ProblemException {@code BODY_TOO_LARGE}, and then the rest is not read
     */
    public static byte[] bytes(InputStream body, int most, RoutingContext routing) throws IOException {
        HttpConnection connection = routing.request().connection();
        long timer = routing.vertx().setTimer(PATIENCE.toMillis(), _ -> connection.close());
        try {
            byte[] bytes = body.readNBytes(most + 1);
            if (bytes.length > most) {
                HangUp.after(routing);
                throw new ProblemException(
                        ErrorCode.BODY_TOO_LARGE, "A JSON document has at most " + most + " bytes here.");
            }
            return bytes;
        } finally {
            routing.vertx().cancelTimer(timer);
        }
    }

    /**
     * Parses a document.
     *
     * @throws ProblemException {@code REQUEST_INVALID}
     */
    public static JsonNode parsed(byte[] json) {
        try {
            JsonNode parsed = JSON.readTree(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString());
            if (isUnicode(parsed)) {
                return parsed;
            }
            throw new ProblemException(
                    ErrorCode.REQUEST_INVALID,
                    "The body has a text with half of a surrogate pair, which is no character.");
        } catch (IOException e) {
            throw new ProblemException(
                    ErrorCode.REQUEST_INVALID,
                    "The body is not JSON in UTF-8, names a key twice, or is nested deeper than " + MAX_DEPTH + ".");
        }
    }

    /** JSON can write half of a surrogate pair; not all who read it take that, and nobody can store it as UTF-8. */
    private static boolean isUnicode(JsonNode node) {
        return isUnicode(node.asText())
                && node.properties().stream().allMatch(member -> isUnicode(member.getKey()))
                && node.valueStream().allMatch(JsonBody::isUnicode);
    }

    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }
}
