package dev.sluice.api;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A row of a table in which everything may be NULL but the id. */
record ModelRow(long id, List<Object> cells) {
    /** Texts that mean something to the dialect, to SQL, or to a URL. */
    static final List<String> TEXTS = List.of(
            "",
            "a",
            "abc",
            "ABC",
            "a,b",
            "a.b",
            "(a)",
            "a\"b",
            "it's",
            "a\\b",
            "{a}",
            "a b",
            "eq.1",
            "not.is.null",
            "null",
            "*",
            "%",
            "_",
            "50%",
            "a_c",
            "ä",
            "😀",
            "a&b=c",
            "a+b",
            "#",
            "a\nb",
            "::text",
            "->",
            "in.(1)");

    static final List<String> WORDS = List.of("ant", "bee", "cat", "dog", "eel", "fox", "gnu");

    /** A column: its label in the source, and the name it is read by. */
    record Column(String label, String name, Kind kind) {
        int index() {
            return COLUMNS.indexOf(this) - 1;
        }
    }

    enum Kind {
        BIGINT,
        NUMERIC,
        BOOLEAN,
        DATE,
        TEXT,
        /** Text whose order is the same in every collation. */
        WORD;

        String word() {
            return this == WORD ? "text" : name().toLowerCase(java.util.Locale.ROOT);
        }

        Object random(Random random) {
            return switch (this) {
                case BIGINT -> (long) random.nextInt(-4, 8);
                case NUMERIC -> BigDecimal.valueOf(random.nextInt(-30, 60), 1 + random.nextInt(2));
                case BOOLEAN -> random.nextBoolean();
                case DATE -> LocalDate.of(2024, 1, 28).plusDays(random.nextInt(8));
                case TEXT -> TEXTS.get(random.nextInt(TEXTS.size()));
                case WORD -> WORDS.get(random.nextInt(WORDS.size()));
            };
        }
    }

    static final List<Column> COLUMNS = List.of(
            new Column("id", "id", Kind.BIGINT),
            new Column("Order", "order_", Kind.BIGINT),
            new Column("Größe (m²)", "größe_m2", Kind.NUMERIC),
            new Column("select", "select_", Kind.BOOLEAN),
            new Column("😀", "column_5", Kind.DATE),
            new Column("say \"hi\"", "say_hi", Kind.TEXT),
            new Column("A b", "a_b", Kind.WORD));

    static List<ModelRow> random(Random random, int count) {
        List<ModelRow> rows = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            List<Object> cells = new ArrayList<>();
            for (Column column : COLUMNS.subList(1, COLUMNS.size())) {
                cells.add(random.nextInt(5) == 0 ? null : column.kind().random(random));
            }
            rows.add(new ModelRow(i, cells));
        }
        return rows;
    }

    /** {@code null} for NULL. */
    Object cell(Column column) {
        return column.index() < 0 ? (Object) id : cells.get(column.index());
    }

    static String csv(List<ModelRow> rows) {
        StringBuilder csv = new StringBuilder();
        csv.append(COLUMNS.stream().map(c -> quoted(c.label())).collect(Collectors.joining(",")))
                .append('\n');
        for (ModelRow row : rows) {
            csv.append(COLUMNS.stream().map(c -> text(row.cell(c))).collect(Collectors.joining(",")))
                    .append('\n');
        }
        return csv.toString();
    }

    private static String text(Object cell) {
        return switch (cell) {
            case null -> "";
            case String text -> quoted(text);
            case BigDecimal number -> number.toPlainString();
            default -> cell.toString();
        };
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
