package dev.sluice.dataset;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** What the server of a source recognises its content by (RFC 9110, section 8.8); each absent if it said nothing. */
@Embeddable
public record Validators(
        @Column(name = "source_etag") String etag,
        @Column(name = "source_last_modified") String lastModified) {
    public static final Validators NONE = new Validators(null, null);
}
