package dev.sluice.platform.problem;

/** Every problem a client can meet: its HTTP status, its stable code (the constant's name) and its title. */
public enum ErrorCode {
    NAME_INVALID(400, "The name of a dataset must match [a-z][a-z0-9_-]{0,62}"),
    OPTION_INVALID(400, "An option is unknown or has an invalid value"),
    QUERY_INVALID(400, "The query cannot be understood"),
    REQUEST_INVALID(400, "The request cannot be understood"),
    KEY_MISSING(401, "This takes a key or a session"),
    KEY_INVALID(401, "The key is not valid"),
    SESSION_ENDED(401, "There is no such session any more"),
    SCOPE_MISSING(403, "The key does not allow this"),
    ORIGIN_REFUSED(403, "A page of another site may not do this"),
    PROXY_REFUSED(403, "Without keys no request may come through a proxy"),
    HOST_REFUSED(421, "This process does not answer under that name"),
    DATASET_NOT_FOUND(404, "There is no such dataset"),
    VERSION_NOT_FOUND(404, "The dataset has no such version"),
    INGEST_NOT_FOUND(404, "There is no such ingest"),
    PROFILE_MISSING(404, "No profile was taken of this version"),
    ANSWER_TOO_LARGE(400, "A part of the answer is larger than it may be"),
    COLUMN_NOT_FOUND(400, "The dataset has no such column"),
    OPERATOR_NOT_FOUND(404, "Values of this type have no such operator"),
    KEY_NOT_FOUND(404, "There is no such key"),
    SESSION_NOT_FOUND(404, "There is no such session"),
    NOT_FOUND(404, "There is nothing here"),
    METHOD_NOT_ALLOWED(405, "This resource does not answer that method"),
    NOT_ACCEPTABLE(406, "This resource is not available in that media type"),
    SOURCE_TOO_SLOW(408, "The source was slower than the minimum rate"),
    VERSION_GONE(410, "This version is no longer kept"),
    ROWS_NOT_ONE(406, "There is not exactly one row"),
    PRECONDITION_FAILED(412, "The state is not the one that the request demands"),
    BODY_TOO_LARGE(413, "The body is larger than it may be"),
    URI_TOO_LONG(414, "The first line of the request is longer than it may be"),
    MEDIA_TYPE_UNSUPPORTED(415, "This media type is not supported here"),
    RANGE_INVALID(416, "There are no rows there"),
    FORM_INVALID(422, "The form does not have exactly one file"),
    HEADERS_TOO_LARGE(431, "The headers of the request are larger than they may be"),
    BODY_EMPTY(422, "The body has no content"),
    TEXT_INVALID(422, "The body is not text in UTF-8"),
    HEADER_INVALID(422, "The header cannot be used"),
    QUOTE_UNTERMINATED(422, "A quoted field is never closed"),
    RECORD_TOO_LONG(422, "A record is longer than a record may be"),
    TOO_MANY_COLUMNS(422, "A table can have no more columns"),
    LOAD_TOO_SLOW(422, "The load took longer than a load may"),
    TABLE_TOO_WIDE(422, "A row of this table does not fit a page"),
    INDEX_IMPOSSIBLE(422, "A value is too long for an index"),
    NOT_A_TABLE(422, "The body is not a table"),
    HEADER_UNCERTAIN(422, "The first record may not be the header"),
    QUOTE_SPANS_RECORDS(422, "A quoted field has too many lines that look like records"),
    TOO_FEW_ROWS_FIT(422, "Too few rows fit the table"),
    TOO_MANY_REJECTS(422, "More rows were rejected than maxRejects allows"),
    SOURCE_URL_INVALID(400, "The URL of the source cannot be fetched"),
    SOURCE_ADDRESS_REFUSED(422, "The source is at an address that may not be fetched from"),
    SOURCE_UNREACHABLE(502, "The source cannot be reached or does not answer"),
    SOURCE_TRUNCATED(502, "The source ended before it was complete"),
    SOURCE_CHANGED(502, "The source changed while it was fetched"),
    SOURCE_REFUSED(502, "The source answered with an error"),
    SOURCE_REDIRECT_REFUSED(502, "The source redirects to where it may not be followed"),
    SOURCE_ENCODING_INVALID(502, "The Content-Encoding of the source cannot be decoded"),
    EXPANSION_LIMIT(422, "The body expands to more than a body of its size may"),
    BODY_INCOMPLETE(400, "The body ended before it was complete"),
    RATE_LIMITED(429, "Too many requests"),
    IDEMPOTENCY_RUNNING(409, "The first request with this key still runs"),
    IDEMPOTENCY_MISMATCH(422, "This key was used for another request"),
    CANCELLED(409, "The ingest was cancelled"),
    NEVER_FINISHED(500, "No process lived long enough to finish this"),
    QUEUE_FULL(429, "Too many ingests wait already"),
    METHOD_UNKNOWN(501, "This is no method of HTTP"),
    HTTP_VERSION_UNSUPPORTED(505, "This version of HTTP is not supported"),
    DATABASE_FULL(507, "The database has reached its configured size"),
    PROCESS_LOST(503, "The process that worked on this was lost"),
    INTERNAL(500, "Something went wrong on our side"),
    QUERY_TOO_SLOW(503, "The query took too long"),
    ROWS_BUSY(503, "Too many answers are on their way"),
    SESSIONS_UNAVAILABLE(503, "Sessions cannot be looked up"),
    CACHE_UNAVAILABLE(503, "What is remembered cannot be forgotten now"),
    LIMITS_UNAVAILABLE(503, "Limits cannot be looked up"),
    UPLOADS_BUSY(503, "All upload slots are taken"),
    SAMPLES_BUSY(503, "Too many samples are looked at"),
    STREAMS_BUSY(503, "Too many streams of events are open"),
    DRAINING(503, "This process is shutting down"),
    SCHEMA_OUTDATED(503, "The database schema has not been brought up to date yet"),
    DATABASE_UNAVAILABLE(503, "The database does not answer");

    private final int status;
    private final String title;

    ErrorCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** One sentence that is the same for every occurrence. */
    public String title() {
        return title;
    }
}
