package dev.sluice.dataset;

import dev.sluice.table.format.Dialect;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * How the source was written.
 *
 * @param delimiter one character
 * @param quote one character; empty if there was none
 * @param header whether the first record had the labels
 */
@Embeddable
public record SourceFormat(
        @Column(nullable = false) String format,
        @Column(nullable = false) String encoding,
        @Column(nullable = false) String delimiter,
        @Column(nullable = false) String quote,
        @Column(nullable = false) boolean header) {

    /** Of a text in that dialect. */
    public static SourceFormat of(Dialect dialect) {
        String delimiter = Character.toString(dialect.delimiter());
        String quote = dialect.quote() == Dialect.NO_QUOTE ? "" : Character.toString(dialect.quote());
        return new SourceFormat(delimiter.equals("\t") ? "tsv" : "csv", "UTF-8", delimiter, quote, dialect.header());
    }
}
