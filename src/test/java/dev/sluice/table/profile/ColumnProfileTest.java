package dev.sluice.table.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.sluice.table.Sample;
import dev.sluice.table.TableColumn;
import dev.sluice.table.TableTarget;
import dev.sluice.table.TableWriter;
import dev.sluice.table.Widening;
import dev.sluice.table.format.CsvOptions;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.Dialect;
import dev.sluice.table.format.RecordBatch;
import dev.sluice.table.profile.ColumnProfile.Frequent;
import dev.sluice.table.type.ColumnVector;
import dev.sluice.table.type.TypeOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnProfileTest {
    private static final double[] SHARES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
    private static final int SKEW = 3;

    /** Takes rows and keeps none. */
    private static final class Nowhere implements TableTarget {
        @Override
        public void beginCopy() {}

        @Override
        public void copy(byte[] bytes, int length) {}

        @Override
        public void endCopy() {}

        @Override
        public void widen(List<Widening> widenings) {}

        @Override
        public InputStream sourceCells(List<TableColumn> columns) {
            throw new IllegalStateException("nothing is widened here");
        }
    }

    private static ColumnProfile profile(List<String> cells) {
        String text = cells.stream().map(cell -> cell + "\n").collect(Collectors.joining("", "c\n", ""));
        try {
            CsvReader reader = CsvReader.open(
                    new ByteArrayInputStream(text.getBytes(UTF_8)), null, CsvOptions.of(Dialect.RFC_4180, 1 << 20));
            Sample sample = Sample.take(reader, TypeOptions.none());
            TableWriter writer = new TableWriter(sample.columns(), new Nowhere(), rejected -> {});
            while (!sample.batches().isEmpty()) {
                writer.write(sample.batches().removeFirst());
            }
            for (RecordBatch batch = new RecordBatch(); reader.read(batch); ) {
                writer.write(batch);
            }
            writer.finish();
            return writer.profiles().getFirst();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ColumnProfile stored(ColumnProfile profile) {
        return ColumnProfile.of(profile.toBytes());
    }

    /** Profiles of parts, each stored and read back, merged two at a time in random order. */
    private static ColumnProfile merged(List<String> cells, int parts, Random random) {
        List<ColumnProfile> profiles = new ArrayList<>();
        int from = 0;
        for (int p = 0; p < parts; p++) {
            int to = p == parts - 1 ? cells.size() : from + random.nextInt(cells.size() - from + 1);
            profiles.add(stored(profile(cells.subList(from, to))));
            from = to;
        }
        while (profiles.size() > 1) {
            ColumnProfile one = profiles.remove(random.nextInt(profiles.size()));
            ColumnProfile other = profiles.remove(random.nextInt(profiles.size()));
            one.merge(other);
            profiles.add(stored(one));
        }
        return profiles.getFirst();
    }

    private static List<String> cells(int count, Random random, Function<Random, String> cell) {
        return IntStream.range(0, count).mapToObj(i -> cell.apply(random)).toList();
    }

    private static double skewed(Random random, int distinct) {
        return Math.floor(Math.pow(random.nextDouble(), SKEW) * distinct);
    }

    @Property(tries = 40)
    void profilesOfPartsMergeIntoThatOfTheWholeInAnyGrouping(
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 6) int parts,
            @ForAll @IntRange(min = 1, max = 40_000) int count,
            @ForAll @IntRange(min = 1, max = 20_000) int distinct) {
        List<String> cells =
                cells(count, random, r -> r.nextInt(9) == 0 ? "" : String.format("%.2f", skewed(r, distinct) / 4));

        ColumnProfile merged = merged(cells, parts, random);

        double[] values = cells.stream()
                .filter(c -> !c.isEmpty())
                .mapToDouble(Double::parseDouble)
                .sorted()
                .toArray();
        assertThat(merged.count()).isEqualTo(values.length);
        assertThat(merged.nulls()).isEqualTo(count - values.length);
        assertDistinct(merged, Arrays.stream(values).distinct().count());
        assertFrequent(merged, cells);
        if (values.length == 0) {
            assertThat(merged.min()).isNull();
            return;
        }
        assertThat(merged.min().excerpt()).isEqualTo(String.format("%.2f", values[0]));
        assertThat(merged.max().excerpt()).isEqualTo(String.format("%.2f", values[values.length - 1]));
        double mean = Arrays.stream(values).average().orElseThrow();
        assertThat(merged.mean()).isCloseTo(mean, within(1e-9 * Math.abs(mean) + 1e-12));
        if (values.length > 1) {
            double deviation = Math.sqrt(
                    Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1));
            assertThat(merged.standardDeviation()).isCloseTo(deviation, within(1e-9 * deviation + 1e-12));
        }
        assertQuantiles(merged, values);
    }

    @Test
    void binsSpanTheWholeRangeOfDoubles() {
        Histogram histogram = profile(List.of("-1.7e308", "1.7e308")).numbers().histogram();

        assertThat(histogram.edges()).hasSize(21).isSortedAccordingTo(Comparator.comparingDouble(Number::doubleValue));
        assertThat(histogram.counts()).startsWith(1L).endsWith(1L);
    }

    /** What is kept in memory is what is stored, but for some headers of objects. */
    @ParameterizedTest
    @CsvSource({"1, 10", "1, 300", "1, 5000", "18, 300", "18, 5000", "200, 250", "200, 5000", "1599, 20", "1599, 5000"})
    void profilesOfAllColumnsOfATableTakeTwentyMegabytesAtMost(int columns, int distinct) throws IOException {
        for (String filler : List.of("é€😀".repeat(200), "7".repeat(990) + ".5")) {
            String text = IntStream.range(0, distinct)
                    .mapToObj(i -> (i + 1) + filler + "\n")
                    .collect(Collectors.joining("", "c\n", ""));
            CsvReader reader = CsvReader.open(
                    new ByteArrayInputStream(text.getBytes(UTF_8)), null, CsvOptions.of(Dialect.RFC_4180, 1 << 20));
            TableColumn column =
                    Sample.take(reader, TypeOptions.none()).columns().getFirst();
            ColumnProfile profile = new ColumnProfile(columns);
            ColumnVector cells = new ColumnVector(0);
            CsvReader again = CsvReader.open(
                    new ByteArrayInputStream(text.getBytes(UTF_8)), null, CsvOptions.of(Dialect.RFC_4180, 1 << 20));
            for (RecordBatch batch = new RecordBatch(); again.read(batch); ) {
                column.typer().accept(batch, 0, 0, batch.size(), cells);
                profile.add(cells, 0, batch.size(), new Tally());
            }

            assertThat((long) profile.toBytes().length * columns).isLessThan(20 << 20);
            assertThat(profile.count()).isEqualTo(distinct);
            assertThat((double) profile.distinct().estimate()).isCloseTo(distinct, withinPercentage(10));
        }
    }

    @Property(tries = 15)
    void figuresOfTextsMergeExactly(@ForAll Random random, @ForAll @IntRange(min = 1, max = 5) int parts) {
        List<String> cells = cells(
                1 + random.nextInt(5000),
                random,
                r -> List.of("a", " a", "b ", "\"\"", "é€😀", "").get(r.nextInt(6)));

        ColumnProfile merged = merged(cells, parts, random);
        ColumnProfile whole = profile(cells);

        assertThat(merged.texts()).isEqualTo(whole.texts());
        assertThat(merged.frequent()).isEqualTo(whole.frequent());
        assertThat(merged.distinct()).isEqualTo(whole.distinct());
        assertThat(merged.min()).isEqualTo(whole.min());
        assertThat(merged.max()).isEqualTo(whole.max());
    }

    @Test
    void aValueIsFrequentThoughItIsMetOnlyOnceInAWhile() {
        int every = 100;
        int width = RecordBatch.CAPACITY / every * 2; // so that a batch has one of them, or none
        int late = 20 * every; // when no longer all are counted
        List<String> cells = IntStream.range(0, 100 * every)
                .mapToObj(i -> i > late && i % every == 0 ? "often" : i + "x".repeat(width))
                .toList();

        ColumnProfile profile = profile(cells);

        assertThat(profile.frequentError()).isBetween(1L, 79L);
        assertThat(profile.frequent()).extracting(f -> f.value().excerpt()).contains("often");
    }

    @Property(tries = 200)
    void lengthsOfTextsAreThoseInCodePoints(@ForAll Random random) {
        List<String> cells = cells(
                20,
                random,
                r -> "x"
                        + "aé€😀"
                                .codePoints()
                                .mapToObj(Character::toString)
                                .map(c -> c.repeat(r.nextInt(12)))
                                .collect(Collectors.joining()));

        ColumnProfile.Texts texts = profile(cells).texts();

        IntSummaryStatistics lengths =
                cells.stream().mapToInt(c -> c.codePointCount(0, c.length())).summaryStatistics();
        assertThat(texts.minLength()).isEqualTo(lengths.getMin());
        assertThat(texts.maxLength()).isEqualTo(lengths.getMax());
        assertThat(texts.meanLength()).isEqualTo(lengths.getAverage(), within(1e-12));
    }

    private static void assertDistinct(ColumnProfile profile, long truth) {
        double slack = 0.02 * truth; // bounds hold in 95 of 100 cases; with a third standard error in all of these
        assertThat((double) truth)
                .isBetween(
                        profile.distinct().atLeast() - slack, profile.distinct().atMost() + slack);
        if (profile.frequentError() == 0) {
            assertThat(profile.distinct().estimate()).isEqualTo(truth);
        }
    }

    private static void assertFrequent(ColumnProfile profile, List<String> cells) {
        Map<String, Long> counts = cells.stream()
                .filter(c -> !c.isEmpty())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        long error = profile.frequentError();
        for (Frequent f : profile.frequent()) {
            long truth = counts.get(f.value().excerpt());
            assertThat(f.count()).isBetween(truth, truth + error);
        }
        List<Long> most = counts.values().stream()
                .sorted(Comparator.reverseOrder())
                .limit(10)
                .toList();
        if (error == 0) {
            assertThat(profile.frequent()).extracting(Frequent::count).isEqualTo(most);
        } else {
            long surely = most.stream().filter(count -> count > 2 * error).count();
            assertThat(profile.frequent()).hasSizeGreaterThanOrEqualTo((int) surely);
        }
    }

    private static void assertQuantiles(ColumnProfile profile, double[] sorted) {
        Number[] quantiles = profile.numbers().quantiles(SHARES);
        double off = profile.numbers().error() * 1.5 + 1e-9; // 99 % confidence is not enough for thousands of quantiles
        for (int i = 0; i < SHARES.length; i++) {
            double value = quantiles[i].doubleValue();
            long below = Arrays.stream(sorted).filter(v -> v < value).count();
            long upTo = Arrays.stream(sorted).filter(v -> v <= value).count();
            assertThat((double) below / sorted.length).isLessThanOrEqualTo(SHARES[i] + off);
            assertThat((double) upTo / sorted.length).isGreaterThanOrEqualTo(SHARES[i] - off);
        }
        assertThat(profile.numbers().histogram().counts().stream()
                        .mapToLong(c -> c)
                        .sum())
                .isEqualTo(sorted.length);
    }
}
