package dev.sluice.access.key;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A key that somebody wants.
 *
 * @param scope which includes those below it
 * @param datasets patterns of names; empty: all
 * @param expiresAt {@code null}: never
 */
record NewKey(String name, Scope scope, List<String> datasets, Instant expiresAt) {
    static final int MAX_NAME = 200;
    static final int MAX_PATTERNS = 100;

    private static final Pattern DATASETS = Pattern.compile("(?=.{1,63}$)[a-z0-9_-]*(\\*[a-z0-9_-]*){0,3}");
    private static final Set<String> FIELDS = Set.of("name", "scopes", "datasets", "expiresAt");

    /** @throws ProblemException {@code REQUEST_INVALID} */
    NewKey {
        if (name.isBlank() || name.length() > MAX_NAME || name.codePoints().anyMatch(Character::isISOControl)) {
            throw invalid("The name of a key has 1 to " + MAX_NAME + " characters that can be written.");
        }
        if (datasets.size() > MAX_PATTERNS) {
            throw invalid("A key has at most " + MAX_PATTERNS + " patterns of datasets.");
        }
        datasets.stream()
                .filter(p -> !DATASETS.matcher(p).matches())
                .findFirst()
                .ifPresent(p -> {
                    throw invalid("A pattern of datasets has the letters of a name and at most three stars.");
                });
        if (scope == Scope.ADMIN && !datasets.isEmpty()) {
            throw invalid("Who has the scope admin could make a key for every dataset, so it has no patterns.");
        }
        datasets = List.copyOf(datasets);
    }

    /**
     * Reads what a client sent.
     *
     * @throws ProblemException {@code REQUEST_INVALID}
     */
    static NewKey of(JsonNode asked) {
        if (!asked.isObject()) {
            throw invalid("The body is a JSON object with name and scopes.");
        }
        asked.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw invalid("'" + field + "' is not supported; there are name, scopes, datasets and expiresAt.");
            }
        });
        Scope scope = texts(asked, "scopes").stream()
                .map(word -> Scope.of(word)
                        .orElseThrow(() -> invalid("'" + word + "' is no scope; there are read, write and admin.")))
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> invalid("scopes is a list of read, write and admin, and not empty."));
        return new NewKey(text(asked.get("name"), "name"), scope, texts(asked, "datasets"), expiry(asked));
    }

    private static Instant expiry(JsonNode asked) {
        if (!asked.hasNonNull("expiresAt")) {
            return null;
        }
        try {
            Instant expiry = Instant.parse(text(asked.get("expiresAt"), "expiresAt"));
            if (expiry.isAfter(Instant.now()) && expiry.isBefore(Instant.parse("9999-12-31T00:00:00Z"))) {
                return expiry;
            }
        } catch (DateTimeException e) {
            // refused below
        }
        throw invalid("expiresAt is a time to come, as 2030-01-31T00:00:00Z.");
    }

    private static List<String> texts(JsonNode asked, String field) {
        List<String> texts = new ArrayList<>();
        if (asked.hasNonNull(field)) {
            if (!asked.get(field).isArray()) {
                throw invalid(field + " is a list of texts.");
            }
            asked.get(field).forEach(item -> texts.add(text(item, field)));
        }
        return texts;
    }

    private static String text(JsonNode value, String field) {
        if (value == null || !value.isTextual()) {
            throw invalid(field + " is missing, or no text.");
        }
        return value.textValue();
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.REQUEST_INVALID, detail);
    }
}
