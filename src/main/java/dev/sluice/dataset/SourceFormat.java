package dev.sluice.dataset;

import dev.sluice.table.format.Dialect;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** How the source was written. {@code delimiter} and {@code quote} are one character each. */
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
        return new SourceFormat(
                delimiter.equals("\t") ? "tsv" : "csv", "UTF-8", delimiter, Character.toString(dialect.quote()), true);
    }
}
