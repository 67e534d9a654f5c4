package dev.sluice.dataset;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** How the source was written. {@code delimiter} and {@code quote} are one character each. */
@Embeddable
public record SourceFormat(
        @Column(nullable = false) String format,
        @Column(nullable = false) String encoding,
        @Column(nullable = false) String delimiter,
        @Column(nullable = false) String quote,
        @Column(nullable = false) boolean header) {}
