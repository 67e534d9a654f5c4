package dev.sluice.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** Where rows came from: {@code kind} is {@code upload} or {@code url}. */
@Embeddable
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Source(
        @Column(name = "source_kind", nullable = false) String kind,
        @Column(name = "source_url") String url) {
    public static final Source UPLOAD = new Source("upload", null);
}
