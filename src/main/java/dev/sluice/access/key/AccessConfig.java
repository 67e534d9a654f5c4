package dev.sluice.access.key;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/** Who needs a key, and the first one. Public, or its constraints could not be checked. */
@ConfigMapping(prefix = "sluice.access")
public interface AccessConfig {
    /** {@code keys}: everyone needs one; {@code open}: nobody, and then only loopback is listened on. */
    @WithDefault("keys")
    Mode mode();

    /**
     * The secret of a key of scope {@code admin}, made when it is first used unless there is or was one of that secret. At
     * least 32 characters, and random: only a fast hash is kept of it.
     */
    Optional<@Size(min = 32, max = 200) String> bootstrapKey();

    enum Mode {
        KEYS,
        OPEN
    }

    default boolean isOpen() {
        return mode() == Mode.OPEN;
    }
}
