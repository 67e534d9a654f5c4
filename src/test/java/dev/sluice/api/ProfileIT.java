package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.harness.Api;
import dev.sluice.harness.Sql;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every figure of a profile, held against what PostgreSQL says of the same table. */
class ProfileIT {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final Set<String> NUMBERS = Set.of("bigint", "numeric", "double");
    private static final Set<String> TIMES = Set.of("date", "time", "timestamp", "timestamptz");

    /** More than the sample, so that what comes behind it was not looked at when the types were settled. */
    private static final int BEHIND_THE_SAMPLE = 2_300_000;

    private static final String ENDS = """
            day,instant,time,decimal,whole
            0001-01-01,0001-01-01T00:00:00+05:00,00:00:00.000000,1234567890123456.01,-9223372036854775808
            9999-12-31,9999-12-31T23:59:59+05:00,23:59:59.999999,9876543210123456.02,4611686018427387904
            """;

    static Stream<Arguments> tables() {
        return Stream.concat(
                Tables.FILES.stream().map(file -> Arguments.of(file, Tables.file(file))),
                Stream.of(
                        Arguments.of("generated", generated(30_000)),
                        Arguments.of("generated, few rows", generated(30)),
                        Arguments.of("widened behind the sample", widened()),
                        Arguments.of("ends of ranges", ENDS.getBytes(UTF_8)),
                        Arguments.of("nulls only", "a,b\n,\n,\n".getBytes(UTF_8)),
                        Arguments.of("no rows", "a,b\n".getBytes(UTF_8))));
    }

    private static byte[] generated(int rows) {
        Random random = new Random(rows);
        StringBuilder text = new StringBuilder(
                "id,few,skewed,price,long decimal,scales,double,flag,day,moment,instant,uuid,text,spaces,time,grouped,huge\n");
        for (int i = 0; i < rows; i++) {
            int skewed = (int) Math.min(1e9, Math.exp(random.nextGaussian() * 4));
            text.append(Long.MAX_VALUE - i * 3L).append(',');
            text.append(random.nextInt(10) == 0 ? "" : Integer.toString(random.nextInt(7)))
                    .append(',');
            text.append(skewed).append(',');
            text.append(BigDecimal.valueOf(random.nextInt(200_000) - 50_000, 2)).append(',');
            text.append(i % 3 == 0 ? "" : "123456789012345678901234.")
                    .append(i % 3 == 0 ? "0.1" : random.nextInt(5000))
                    .append(',');
            text.append(i % 2 == 0 ? "1.0" : "1.00").append(random.nextInt(4)).append(',');
            text.append(1 + random.nextDouble()).append(i == 0 ? "E10," : ",");
            text.append(random.nextBoolean() ? "yes," : "no,");
            text.append(LocalDate.of(2000, 1, 31).plusDays(random.nextInt(9000)))
                    .append(',');
            text.append(LocalDateTime.of(2024, 1, 1, 0, 0, 1).plusSeconds(random.nextInt(90_000_000)))
                    .append(',');
            text.append(LocalDate.of(1999, 12, 1).plusDays(random.nextInt(60))).append("T12:34:56+02:00,");
            text.append(new UUID(random.nextLong(), random.nextLong())).append(',');
            text.append("https://example.org/").append(skewed).append(i % 5 == 0 ? "/é€😀," : ",");
            text.append(List.of("x", " x", "x ", "\u00a0x", "\"\"", "", "\t", "é ", "x\u3000")
                            .get(random.nextInt(9)))
                    .append(',');
            text.append(LocalTime.MAX.minusMinutes(random.nextInt(1440)).truncatedTo(ChronoUnit.MICROS))
                    .append(',');
            text.append(String.format("\"%,d\",", random.nextInt(5_000_000)));
            text.append(i % 7 == 0 ? "1" + "0".repeat(320) : "1").append(".5\n");
        }
        return text.toString().getBytes(UTF_8);
    }

    /** Columns that take a wider type when most of their rows are stored. */
    private static byte[] widened() {
        StringBuilder text =
                new StringBuilder("stays,to numeric,to text,null becomes text,word becomes text,late,decimal\n");
        int row = 0;
        while (text.length() < BEHIND_THE_SAMPLE) {
            text.append(String.format("0.5,%d,%d,,NA,,%d.25%n", row % 100, row % 1000, row++));
        }
        for (int i = 0; i < 1000; i++) {
            text.append(String.format("0.75,%d.50,n%d,x,y,%d,0.5%n", i, i % 10, i));
        }
        return text.toString().getBytes(UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void everyFigureIsPostgresOwnOrWithinTheStatedBound(String name, byte[] content) throws JsonProcessingException {
        String dataset = Api.newName();
        Api.put(dataset, content, Map.of()).then().statusCode(201);

        JsonNode profile =
                JSON.readTree(Api.get("/v1/datasets/" + dataset + "/profile").asString());

        String table = table(dataset);
        assertThat(profile.get("version").asInt()).isEqualTo(1);
        assertThat(profile.get("rows").asLong()).isEqualTo(number("SELECT count(*) FROM " + table));
        for (JsonNode column : profile.get("columns")) {
            new ColumnCheck(table, column).run();
        }
    }

    @Test
    void aProfileIsThatOfTheVersionAskedFor() throws JsonProcessingException {
        String dataset = Api.newName();
        Api.put(dataset, "a\n1\n").then().statusCode(201);
        Api.put(dataset, "a\n2\n3\n").then().statusCode(200);

        assertThat(Api.get("/v1/datasets/" + dataset + "/profile").jsonPath().getInt("columns[0].max"))
                .isEqualTo(3);
        assertThat(Api.get("/v1/datasets/" + dataset + "/versions/1/profile")
                        .jsonPath()
                        .getInt("columns[0].max"))
                .isEqualTo(1);
        Api.get("/v1/datasets/" + dataset + "/versions/3/profile").then().statusCode(404);
        Api.get("/v1/datasets/there-is-none/profile").then().statusCode(404);
    }

    private static String table(String dataset) {
        return Sql.query("SELECT 'data.' || s.table_name FROM sluice.dataset d"
                        + " JOIN sluice.version_segment v ON v.version_id = d.current_version_id"
                        + " JOIN sluice.segment s ON s.id = v.segment_id WHERE d.name = '" + dataset + "'")
                .getFirst();
    }

    private static long number(String sql) {
        return Long.parseLong(Sql.query(sql).getFirst());
    }

    /** One column of one table. */
    private record ColumnCheck(String table, JsonNode column) {
        void run() throws JsonProcessingException {
            assertThat(column.get("count").asLong()).as(name()).isEqualTo(number(select("count(c)")));
            assertThat(column.get("nulls").asLong()).as(name()).isEqualTo(number(select("count(*) - count(c)")));
            distinct();
            top();
            if (column.get("count").asLong() == 0) {
                assertThat(column.get("min").isNull()).isTrue();
                return;
            }
            extremes();
            if (NUMBERS.contains(type()) || TIMES.contains(type())) {
                moments();
                if (!column.get("quantiles").isNull()) {
                    quantiles();
                    histogram();
                }
            }
            if (type().equals("text")) {
                texts();
            }
        }

        private String name() {
            return column.get("name").asText();
        }

        private String type() {
            return column.get("type").asText();
        }

        /** Something of the column, which is {@code c}. */
        private String select(String what) {
            return "SELECT " + what + " FROM (SELECT \"" + name() + "\" AS c FROM " + table + ") AS t";
        }

        private void distinct() {
            long truth = number(select("count(DISTINCT c)"));
            JsonNode bounds = column.get("estimates").get("distinct");
            if (bounds == null) {
                assertThat(column.get("distinct").asLong()).as(name()).isEqualTo(truth);
            } else {
                assertThat(truth)
                        .as(name())
                        .isBetween(
                                bounds.get("atLeast").asLong(),
                                bounds.get("atMost").asLong());
                assertThat(bounds.get("atMost").asDouble())
                        .isLessThan(1.08 * bounds.get("atLeast").asDouble());
            }
        }

        private void top() {
            JsonNode error = column.get("estimates").get("top");
            List<String> truth =
                    Sql.query(select("count(*)") + " WHERE c IS NOT NULL GROUP BY c ORDER BY 1 DESC LIMIT 10");
            JsonNode top = column.get("top");
            for (JsonNode value : top) {
                long count = number(select("count(*)") + " WHERE c = " + exact(value.get("value")));
                assertThat(value.get("count").asLong())
                        .as(name())
                        .isBetween(count, count + (error == null ? 0 : error.asLong()));
            }
            if (error == null) {
                assertThat(top.findValuesAsText("count")).as(name()).isEqualTo(truth);
            } else {
                long surely = truth.stream()
                        .filter(count -> Long.parseLong(count) > 2 * error.asLong())
                        .count();
                assertThat(top.size()).as(name()).isGreaterThanOrEqualTo((int) surely);
            }
        }

        private void extremes() throws JsonProcessingException {
            String value = switch (type()) {
                case "text", "uuid" -> "c::text COLLATE \"C\"";
                case "boolean" -> "c::int";
                case "timestamptz" -> "c AT TIME ZONE 'UTC'";
                default -> "c";
            };
            String back = type().equals("boolean") ? "::boolean" : "";
            for (String extreme : List.of("min", "max")) {
                String truth = Sql.query(select("to_json(" + extreme + "(" + value + ")" + back + ")"))
                        .getFirst();
                String inUtc = type().equals("timestamptz") ? truth.replaceFirst("( BC)?\"$", "+00:00$1\"") : truth;
                assertThat(column.get(extreme)).as(name()).isEqualTo(JSON.readTree(inUtc));
            }
        }

        /** Times as seconds since 1970. */
        private String seconds(String value) {
            return TIMES.contains(type()) ? "extract(epoch FROM " + value + ")::float8" : value;
        }

        private void moments() {
            double mean = truth("avg(" + seconds("c") + ")");
            String stated = column.get("mean").asText();
            if (mean > Double.MAX_VALUE) {
                assertThat(column.get("mean").isNull()).isTrue();
                return;
            }
            double found = TIMES.contains(type())
                    ? Double.parseDouble(Sql.query("SELECT extract(epoch FROM "
                                    + (type().equals("time") ? "time" : "timestamptz") + " '" + stated
                                    + (stated.contains("+") || type().equals("time") ? "'" : "+00:00'") + ")")
                            .getFirst())
                    : Double.parseDouble(stated);
            assertThat(found).as(name()).isCloseTo(mean, within(Math.abs(mean) * 1e-9));
            String deviation =
                    Sql.query(select("stddev_samp(" + seconds("c") + ")")).getFirst();
            if (deviation == null) {
                assertThat(column.get("stddev").isNull()).isTrue();
            } else if (Double.parseDouble(deviation) <= Double.MAX_VALUE) {
                double truth = Double.parseDouble(deviation);
                assertThat(column.get("stddev").asDouble()).as(name()).isCloseTo(truth, within(truth * 1e-9));
            }
        }

        private double truth(String what) {
            return Double.parseDouble(Sql.query(select(what)).getFirst());
        }

        private double error() {
            JsonNode error = column.get("estimates").get("quantiles");
            return error == null ? 0 : error.asDouble();
        }

        private void quantiles() {
            column.get("quantiles").properties().forEach(quantile -> {
                double share = Double.parseDouble(quantile.getKey());
                String least = "percentile_disc(" + Math.max(0, share - error()) + ") WITHIN GROUP (ORDER BY "
                        + comparable("c") + ")";
                String most = "percentile_disc(" + Math.min(1, share + error()) + ") WITHIN GROUP (ORDER BY "
                        + comparable("c") + ")";
                String found = literal(quantile.getValue());
                assertThat(Sql.query(select(found + " BETWEEN " + least + " AND " + most)))
                        .as(name() + " " + quantile)
                        .containsExactly("t");
            });
        }

        private String comparable(String value) {
            return type().equals("numeric") ? value + "::float8" : value;
        }

        private String literal(JsonNode value) {
            String sqlType = switch (type()) {
                case "double", "numeric" -> "float8";
                default -> type();
            };
            return "'" + value.asText() + "'::" + sqlType;
        }

        private String exact(JsonNode value) {
            String sqlType = type().equals("double") ? "float8" : type();
            return "'" + value.asText().replace("'", "''") + "'::" + sqlType;
        }

        private void histogram() {
            JsonNode edges = column.get("histogram").get("edges");
            JsonNode counts = column.get("histogram").get("counts");
            assertThat(edges.size()).isEqualTo(counts.size() + 1).isBetween(2, 21);
            assertThat(edges.get(0)).isEqualTo(NUMBERS.contains(type()) ? edges.get(0) : column.get("min"));
            long count = column.get("count").asLong();
            long below = 0;
            for (int i = 0; i < counts.size() - 1; i++) {
                below += counts.get(i).asLong();
                long truth =
                        number(select("count(*)") + " WHERE " + comparable("c") + " < " + literal(edges.get(i + 1)));
                assertThat(below)
                        .as(name() + " below " + edges.get(i + 1))
                        .isCloseTo(truth, within(1 + (long) (error() * count)));
            }
            assertThat(below + counts.get(counts.size() - 1).asLong()).isEqualTo(count);
        }

        private void texts() {
            JsonNode text = column.get("text");
            assertThat(text.get("minLength").asText())
                    .isEqualTo(Sql.query(select("min(length(c))")).getFirst());
            assertThat(text.get("maxLength").asText())
                    .isEqualTo(Sql.query(select("max(length(c))")).getFirst());
            assertThat(text.get("meanLength").asDouble()).isCloseTo(truth("avg(length(c))"), within(1e-9));
            assertThat(text.get("empty").asLong()).isEqualTo(number(select("count(*)") + " WHERE c = ''"));
            String space = "[ \\t\\u00a0\\u3000]";
            assertThat(text.get("leadingWhitespace").asLong())
                    .isEqualTo(number(select("count(*)") + " WHERE c ~ '^" + space + "'"));
            assertThat(text.get("trailingWhitespace").asLong())
                    .isEqualTo(number(select("count(*)") + " WHERE c ~ '" + space + "$'"));
        }
    }
}
