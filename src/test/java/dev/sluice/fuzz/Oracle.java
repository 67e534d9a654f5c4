package dev.sluice.fuzz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What no answer may be, whatever was asked. */
final class Oracle {
    private static final Pattern INNARDS = Pattern.compile(
            "Exception|org\\.hibernate|SQLSTATE|at dev\\.sluice|\\bat [a-z]\\w*(\\.[\\w$]+)+\\(|java\\.(lang|util|io)\\.");

    /** Of the HTTP layer, to what is no HTTP/1.1. */
    private static final Set<Integer> NO_HTTP = Set.of(501, 505);

    /** Of the HTTP layer, before it knows what is asked for: lines and headers that are too long. */
    private static final Set<Integer> TOO_LONG = Set.of(414, 431);

    /** Deeper than what is taken from one client may be in the list that another reads. */
    private static final int DEPTH = 2000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
            .build());

    private Oracle() {}

    /** What is wrong with what came of a request. */
    static Optional<String> fault(Request request, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answer answer -> fault(request, answer);
            case Outcome.Closed _ -> request.wellFormed() ? Optional.of("closed without an answer") : Optional.empty();
            case Outcome.Silent _ -> request.wellFormed() ? Optional.of("no answer within 5 s") : Optional.empty();
            case Outcome.Garbled(String what) ->
                request.wellFormed() ? Optional.of("garbled: " + what) : Optional.empty();
        };
    }

    private static Optional<String> fault(Request request, Outcome.Answer answer) {
        int status = answer.status();
        if (status >= 500 && !NO_HTTP.contains(status)) {
            return Optional.of("status " + status);
        }
        if (INNARDS.matcher(answer.body()).find()
                || INNARDS.matcher(answer.headers().toString()).find()) {
            return Optional.of("the answer tells of the inside");
        }
        if (!request.wellFormed() || request.method().equals("HEAD")) {
            return Optional.empty();
        }
        if (status >= 400 && status < 500 && request.isOfTheApi() && !TOO_LONG.contains(status) && !isProblem(answer)) {
            return Optional.of("status " + status + " without a problem document");
        }
        boolean json = answer.type().equals("application/json") && status < 300;
        return json && parsed(answer).isMissingNode() ? Optional.of("a body that is not JSON") : Optional.empty();
    }

    private static boolean isProblem(Outcome.Answer answer) {
        return answer.type().equals("application/problem+json")
                && parsed(answer).path("code").isTextual()
                && parsed(answer).path("status").asInt() == answer.status();
    }

    private static JsonNode parsed(Outcome.Answer answer) {
        try {
            return JSON.readTree(answer.bytes());
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }
}
