package dev.sluice.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a client changes of a dataset: a JSON merge patch (RFC 7396). What it does not name stays, null clears. */
record DatasetPatch(List<Consumer<Dataset>> changes) {
    private static final int MAX_TITLE = 200;
    private static final int MAX_DESCRIPTION = 10_000;
    private static final int MAX_KEEP_VERSIONS = 1000;

    /**
     * Reads a patch and checks all of it.
     *
     * @throws ProblemException {@code REQUEST_INVALID}
     */
    static DatasetPatch of(JsonNode patch) {
        if (!patch.isObject()) {
            throw invalid("A patch is a JSON object.");
        }
        List<Consumer<Dataset>> changes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            changes.add(change(member.getKey(), member.getValue()));
        }
        return new DatasetPatch(changes);
    }

    private static Consumer<Dataset> change(String key, JsonNode value) {
        return switch (key) {
            case "title" -> {
                String title = text(key, value, MAX_TITLE);
                yield d -> d.title = title;
            }
            case "description" -> {
                String description = text(key, value, MAX_DESCRIPTION);
                yield d -> d.description = description;
            }
            case "keepVersions" -> {
                Integer keepVersions = number(key, value, MAX_KEEP_VERSIONS);
                yield d -> d.keepVersions = keepVersions;
            }
            case "index" -> {
                Indexed indexed = columns(key, value);
                yield d -> d.currentVersion.index(indexed);
            }
            default -> throw invalid("A patch may have title, description, keepVersions and index, and nothing else.");
        };
    }

    private static String text(String key, JsonNode value, int max) {
        if (value.isNull()) {
            return null;
        }
        if (!value.isTextual()
                || value.textValue().codePointCount(0, value.textValue().length()) > max) {
            throw invalid("'" + key + "' must be null or a string of at most " + max + " characters.");
        }
        if (value.textValue().indexOf('\0') >= 0) {
            throw invalid("'" + key + "' has a character that cannot be stored: NUL.");
        }
        return value.textValue();
    }

    private static Integer number(String key, JsonNode value, int max) {
        if (value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1 || value.intValue() > max) {
            throw invalid("'" + key + "' must be null or a whole number from 1 to " + max + ".");
        }
        return value.intValue();
    }

    private static Indexed columns(String key, JsonNode value) {
        if (!value.isNull() && !(value.isArray() && value.valueStream().allMatch(JsonNode::isTextual))) {
            throw invalid("'" + key + "' must be null or an array of the names of columns.");
        }
        return new Indexed(value.valueStream().map(JsonNode::textValue).toList(), ErrorCode.REQUEST_INVALID);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.REQUEST_INVALID, detail);
    }

    /** Applies all of it to a dataset whose row is locked; false if there is nothing to apply. */
    boolean applyTo(Dataset dataset) {
        if (changes.isEmpty()) {
            return false;
        }
        changes.forEach(change -> change.accept(dataset));
        dataset.changed();
        return true;
    }
}
