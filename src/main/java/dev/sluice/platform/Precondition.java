package dev.sluice.platform;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request demands of the state that it is about to change (RFC 9110, sections 13.1.1 and 13.1.2). Only a check in the
 * transaction of the change, under its lock, decides; one before spares work.
 *
 * @param ifMatch the tags of {@code If-Match}, or {@code *} alone; {@code null} without the header
 * @param ifNoneMatch the tags of {@code If-None-Match}, or {@code *} alone; {@code null} without the header
 */
public record Precondition(List<String> ifMatch, List<String> ifNoneMatch) {
    private static final String ANY = "*";
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"[!#-~\\x80-\\xFF]*\"");

    /** Demands nothing. */
    public static Precondition none() {
        return new Precondition(null, null);
    }

    /**
     * The precondition of a request.
     *
     * @throws ProblemException {@code REQUEST_INVALID} if a header is not as the RFC says
     */
    public static Precondition of(HttpServerRequest request) {
        return new Precondition(tags("If-Match", request), tags("If-None-Match", request));
    }

    private static List<String> tags(String header, HttpServerRequest request) {
        List<String> lines = request.headers().getAll(header);
        return lines.isEmpty() ? null : tags(header, String.join(",", lines));
    }

    /** Empty elements of a list count for nothing, and a list of them alone matches nothing. */
    static List<String> tags(String header, String list) {
        if (list.strip().equals(ANY)) {
            return List.of(ANY);
        }
        List<String> tags = new ArrayList<>();
        Matcher tag = TAG.matcher(list);
        boolean separated = true;
        for (int at = 0; at < list.length(); ) {
            char c = list.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                separated |= c == ',';
                at++;
            } else if (separated && tag.region(at, list.length()).lookingAt()) {
                tags.add(tag.group());
                separated = false;
                at = tag.end();
            } else {
                throw new ProblemException(
                        ErrorCode.REQUEST_INVALID,
                        header + " is *, or a list of tags in quotes as the header ETag has them.");
            }
        }
        return List.copyOf(tags);
    }

    /** Whether every state fulfils it. */
    public boolean isNone() {
        return ifMatch == null && ifNoneMatch == null;
    }

    /**
     * Compares it with a state.
     *
     * @param etag a strong tag in its quotes; {@code null} if the resource does not exist
     * @throws ProblemException {@code PRECONDITION_FAILED}
     */
    public void check(String etag) {
        if (ifMatch != null && (etag == null || !ifMatch.contains(ANY) && !ifMatch.contains(etag))) {
            throw failed(
                    etag == null
                            ? "It does not exist."
                            : "If-Match does not name its state, whose ETag is " + etag + ".");
        }
        if (ifNoneMatch != null
                && etag != null
                && (ifNoneMatch.contains(ANY) || ETags.matchWeakly(ifNoneMatch, etag))) {
            throw failed("If-None-Match rules its state out, whose ETag is " + etag + ".");
        }
    }

    private static ProblemException failed(String detail) {
        return new ProblemException(ErrorCode.PRECONDITION_FAILED, detail);
    }
}
