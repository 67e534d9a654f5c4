package dev.sluice.access.key;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/** The first key. */
@ConfigMapping(prefix = "sluice.access.bootstrap")
// public, or its constraints could not be checked
public interface KeyConfig {
    /**
     * The secret of a key of scope {@code admin}, made when it is first used unless there is or was one of that secret. At
     * least 32 characters, and random: only a fast hash is kept of it.
     */
    @WithName("key")
    Optional<@Size(min = 32, max = 200) String> key();
}
