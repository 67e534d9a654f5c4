package dev.sluice.query;

import dev.sluice.platform.problem.ErrorCode;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** How rows may be written. */
enum Format {
    JSON("application/json", "application/json"),
    ARRAY("application/vnd.pgrst.array+json", "application/vnd.pgrst.array"),
    /** Exactly one row. */
    OBJECT("application/vnd.pgrst.object+json", "application/vnd.pgrst.object"),
    /** One object a line. */
    NDJSON("application/x-ndjson", "application/ndjson"),
    CSV("text/csv", "text/csv");

    private static final String NULLS = "nulls";
    private static final String QUALITY = "q";
    private static final Pattern NOT_WANTED = Pattern.compile("0(\\.0*)?");

    private final String type;
    private final String alias;

    Format(String type, String alias) {
        this.type = type;
        this.alias = alias;
    }

    /**
     * What a client accepts.
     *
     * @param withoutNulls whether members of objects that are null are to be left out
     */
    record Accepted(Format format, boolean withoutNulls) {
        String mediaType() {
            return format.type + (format == CSV ? ";charset=utf-8" : withoutNulls ? ";nulls=stripped" : "");
        }
    }

    /**
     * The first of what a client accepts that there is.
     *
     * @param accepted the best first
     * @throws QueryException {@code NOT_ACCEPTABLE}
     */
    static Accepted of(List<MediaType> accepted) {
        for (MediaType type : accepted) {
            for (Format format : values()) {
                if (format.isCompatible(type) && isWanted(type)) {
                    boolean stripped = "stripped".equals(type.getParameters().get(NULLS));
                    return new Accepted(format, stripped && format != CSV);
                }
            }
        }
        throw new QueryException(
                ErrorCode.NOT_ACCEPTABLE,
                "PGRST107",
                "None of these media types are available: "
                        + String.join(", ", accepted.stream().map(Format::name).toList()),
                "There are application/json, text/csv, application/x-ndjson and application/vnd.pgrst.object+json.",
                null);
    }

    /**
     * What a file of rows is asked for as, by the ending of its name.
     *
     * @throws QueryException {@code QUERY_INVALID}
     */
    static Accepted ofFile(String ending) {
        Format format = switch (ending) {
            case "json" -> JSON;
            case "ndjson" -> NDJSON;
            case "csv" -> CSV;
            default -> throw QueryException.unreadable("'_download' is json, ndjson or csv.", null);
        };
        return new Accepted(format, false);
    }

    private boolean isCompatible(MediaType accepted) {
        String name = name(accepted);
        return accepted.isWildcardType()
                || accepted.isWildcardSubtype() && type.startsWith(name.substring(0, name.length() - 1))
                || name.equals(type)
                || name.equals(alias);
    }

    private static String name(MediaType type) {
        return (type.getType() + "/" + type.getSubtype()).toLowerCase(Locale.ROOT);
    }

    private static boolean isWanted(MediaType type) {
        String quality = type.getParameters().get(QUALITY);
        return quality == null || !NOT_WANTED.matcher(quality).matches();
    }
}
