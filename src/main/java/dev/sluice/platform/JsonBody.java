package dev.sluice.platform;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;

/** The JSON document that a request carries: held in memory as a whole, and so of limited size. */
public final class JsonBody {
    /** More bytes than any document needs, all its characters escaped. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final ObjectReader JSON = new ObjectMapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonBody() {}

    /**
     * Reads and parses it.
     *
     * @throws ProblemException {@code REQUEST_INVALID}; {@code BODY_TOO_LARGE} if it has more than {@link #MAX_BYTES}, and
     *     then the rest is not read
     */
    public static JsonNode read(InputStream body, RoutingContext routing) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            HangUp.after(routing);
            throw new ProblemException(
                    ErrorCode.BODY_TOO_LARGE, "A JSON document has at most " + MAX_BYTES + " bytes here.");
        }
        return parsed(bytes);
    }

    /**
     * Parses a document.
     *
     * @throws ProblemException {@code REQUEST_INVALID}
     */
    public static JsonNode parsed(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new ProblemException(ErrorCode.REQUEST_INVALID, "The body is not JSON, or names a key twice.");
        }
    }
}
