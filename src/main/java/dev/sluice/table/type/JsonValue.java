package dev.sluice.table.type;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Values as JSON shows them, in the texts that PostgreSQL's own JSON functions give (at UTC). */
public final class JsonValue {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1000;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final LocalDateTime EPOCH = LocalDateTime.of(2000, 1, 1, 0, 0);
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter();

    private JsonValue() {}

    /** A value; a text as an {@link Excerpt}. */
    public static Object of(ColumnType type, Cell cell) {
        return switch (type) {
            case ColumnType.Bool _ -> cell.value() != 0;
            case ColumnType.BigInt _,
                    ColumnType.Date _,
                    ColumnType.Time _,
                    ColumnType.Timestamp _,
                    ColumnType.TimestampTz _ -> of(type, (Number) cell.value());
            case ColumnType.Numeric _ -> cell.decimal();
            case ColumnType.ByValue number -> number.whole() ? (Object) cell.number() : cell.decimal();
            case ColumnType.DoublePrecision _ -> Double.longBitsToDouble(cell.value());
            case ColumnType.Uuid _ -> new UUID(cell.value(), cell.second()).toString();
            case ColumnType.Text _ -> cell.excerpt();
        };
    }

    /** A number that stands for a value in a {@link ColumnVector}: of times their distance from the year 2000, or from midnight. */
    public static Object of(ColumnType type, Number value) {
        return switch (type) {
            case ColumnType.Date _ -> text(EPOCH.toLocalDate().plusDays(value.longValue()), "");
            case ColumnType.Time _ -> timeOfDay(value.longValue());
            case ColumnType.Timestamp _ -> text(value.longValue(), "");
            case ColumnType.TimestampTz _ -> text(value.longValue(), "+00:00");
            case ColumnType.Bool _,
                    ColumnType.BigInt _,
                    ColumnType.Numeric _,
                    ColumnType.ByValue _,
                    ColumnType.DoublePrecision _,
                    ColumnType.Uuid _,
                    ColumnType.Text _ -> value;
        };
    }

    /** The mean of such numbers: of days it is a timestamp. */
    public static Object ofMean(ColumnType type, double mean) {
        if (type instanceof ColumnType.Date) {
            return text(Math.round(mean * SECONDS_PER_DAY * MICROS_PER_SECOND), "");
        }
        boolean time = type instanceof ColumnType.Time
                || type instanceof ColumnType.Timestamp
                || type instanceof ColumnType.TimestampTz;
        return time ? of(type, Math.round(mean)) : mean;
    }

    /** What one of such numbers is in seconds; 1 if they are no times. */
    public static double seconds(ColumnType type) {
        return switch (type) {
            case ColumnType.Date _ -> SECONDS_PER_DAY;
            case ColumnType.Time _, ColumnType.Timestamp _, ColumnType.TimestampTz _ -> 1.0 / MICROS_PER_SECOND;
            case ColumnType.Bool _,
                    ColumnType.BigInt _,
                    ColumnType.Numeric _,
                    ColumnType.ByValue _,
                    ColumnType.DoublePrecision _,
                    ColumnType.Uuid _,
                    ColumnType.Text _ -> 1;
        };
    }

    private static String timeOfDay(long micros) {
        return micros < SECONDS_PER_DAY * MICROS_PER_SECOND
                ? TIME.format(LocalTime.ofNanoOfDay(micros * NANOS_PER_MICRO))
                : "24:00:00"; // the edge of a bin
    }

    private static String text(long micros, String zone) {
        LocalDateTime time = EPOCH.plus(micros, ChronoUnit.MICROS);
        return text(time.toLocalDate(), "T" + TIME.format(time) + zone);
    }

    /** A day with what follows it; years before the first count backwards from 1 BC. */
    private static String text(LocalDate day, String rest) {
        int year = day.getYear();
        String text =
                String.format("%04d-%02d-%02d", year > 0 ? year : 1 - year, day.getMonthValue(), day.getDayOfMonth());
        return text + rest + (year > 0 ? "" : " BC");
    }
}
