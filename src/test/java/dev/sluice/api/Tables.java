package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Tables for tests, and a second reader for them. */
final class Tables {
    static final List<String> FILES = List.of(
            "airports.csv",
            "birdstrikes.csv",
            "flights-airport.csv",
            "seattle-weather.csv",
            "species.csv",
            "unemployment.tsv",
            "weather.csv",
            "zipcodes.csv");

    private Tables() {}

    static byte[] file(String name) {
        try (InputStream in = Tables.class.getResourceAsStream("/tables/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<List<String>> cells(byte[] file, char delimiter) {
        return cells(new String(file, UTF_8), delimiter);
    }

    /** Every cell, the header's included. */
    static List<List<String>> cells(String text, char delimiter) {
        return CsvReader.builder()
                .fieldSeparator(delimiter)
                .commentStrategy(CommentStrategy.NONE)
                .skipEmptyLines(false)
                .ofCsvRecord(text)
                .stream()
                .map(CsvRecord::getFields)
                .toList();
    }
}
