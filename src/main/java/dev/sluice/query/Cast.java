package dev.sluice.query;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The types that values may be turned into, by the names that PostgreSQL has for them. */
enum Cast {
    TEXT("text"),
    BOOLEAN("boolean"),
    SMALLINT("smallint"),
    INTEGER("integer"),
    BIGINT("bigint"),
    NUMERIC("numeric"),
    REAL("real"),
    DOUBLE("double precision"),
    DATE("date"),
    TIME("time"),
    TIMESTAMP("timestamp"),
    TIMESTAMPTZ("timestamptz"),
    UUID("uuid"),
    JSON("json"),
    JSONB("jsonb");

    private static final Map<String, Cast> OTHER_NAMES = Map.ofEntries(
            Map.entry("varchar", TEXT),
            Map.entry("character varying", TEXT),
            Map.entry("bool", BOOLEAN),
            Map.entry("int2", SMALLINT),
            Map.entry("int", INTEGER),
            Map.entry("int4", INTEGER),
            Map.entry("int8", BIGINT),
            Map.entry("decimal", NUMERIC),
            Map.entry("float4", REAL),
            Map.entry("float8", DOUBLE),
            Map.entry("float", DOUBLE),
            Map.entry("double", DOUBLE),
            Map.entry("time without time zone", TIME),
            Map.entry("timestamp without time zone", TIMESTAMP),
            Map.entry("timestamp with time zone", TIMESTAMPTZ));

    private final String sql;

    Cast(String sql) {
        this.sql = sql;
    }

    String sql() {
        return sql;
    }

    static Optional<Cast> of(String name) {
        return Stream.of(values())
                .filter(c -> c.sql.equals(name))
                .findFirst()
                .or(() -> Optional.ofNullable(OTHER_NAMES.get(name)));
    }
}
