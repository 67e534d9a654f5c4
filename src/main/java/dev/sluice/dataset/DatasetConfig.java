package dev.sluice.dataset;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.dataset")
interface DatasetConfig {
    /** How many of its newest versions a dataset keeps, the current one among them, unless its own {@code keepVersions} says otherwise. */
    @WithDefault("3")
    @Min(1) int keepVersions();

    /** How long a version is kept after another took its place, however many are newer: what began to read it may end. */
    @WithDefault("1h")
    Duration keepFor();

    /** How long the index of a column may take to be made after the load; then it has failed. */
    @WithDefault("24h")
    Duration indexTimeLimit();
}
