package dev.sluice.query;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * All of a request that its answer depends on, besides the version.
 *
 * @param parameters of the query, decoded
 */
record Asked(
        Preferences preferences, Format.Accepted accepted, RowRange range, MultivaluedMap<String, String> parameters) {

    /** The request headers among it. */
    static final String VARY = "Accept, Prefer, Range";

    /** The parameter that asks for a file, for browsers: they say nothing of use in Accept when a link is followed. */
    static final String DOWNLOAD = "_download";

    /** Words of PostgreSQL's dates and times, and casts of texts to them. */
    private static final Pattern OF_THE_DAY =
            Pattern.compile("now|today|tomorrow|yesterday|::\\s*(date|time)", Pattern.CASE_INSENSITIVE);

    /** @throws QueryException {@code QUERY_INVALID}, {@code NOT_ACCEPTABLE}, {@code RANGE_INVALID} */
    static Asked of(List<String> prefer, String range, HttpHeaders headers, UriInfo uri) {
        String file = uri.getQueryParameters().getFirst(DOWNLOAD);
        return new Asked(
                Preferences.of(prefer),
                file == null ? Format.of(headers.getAcceptableMediaTypes()) : Format.ofFile(file),
                RowRange.of(range),
                uri.getQueryParameters());
    }

    /** How a browser is to keep the answer, if it is to. */
    Optional<String> disposition(Relation relation) {
        return Optional.ofNullable(parameters.getFirst(DOWNLOAD))
                .map(ending -> "attachment; filename=\"" + relation.target().replace("@", "-v") + "." + ending + "\"");
    }

    /**
     * What the answer is recognised by, in quotes: the same of the same version alone. Absent where it may become another
     * one: of an estimate, and where the day may be asked for.
     *
     * @param release that answers: another one may answer in another way
     */
    Optional<String> etag(UUID version, String release) {
        if (preferences.isEstimate() || dependsOnTheDay()) {
            return Optional.empty();
        }
        MessageDigest digest = sha256();
        for (Object part : List.of(release, version, preferences, accepted, range)) {
            add(part.toString(), digest);
        }
        for (Map.Entry<String, List<String>> parameter : new TreeMap<>(parameters).entrySet()) {
            for (String value : parameter.getValue()) {
                add(parameter.getKey(), digest);
                add(value, digest);
            }
        }
        return Optional.of('"' + Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest()) + '"');
    }

    /** Whether PostgreSQL may take a text of the query, or of a column, for the day it is or the next. */
    private boolean dependsOnTheDay() {
        for (List<String> values : parameters.values()) {
            for (String text : values) {
                if (OF_THE_DAY.matcher(text).find()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void add(String text, MessageDigest digest) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0xFF); // which is in no UTF-8
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
