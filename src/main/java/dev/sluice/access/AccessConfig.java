package dev.sluice.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;

/** Who needs a key. */
@ConfigMapping(prefix = "sluice.access.mode")
interface AccessConfig {
    /** {@code keys}: everyone; {@code open}: nobody, and then only loopback is listened on. */
    @WithParentName
    @WithDefault("keys")
    Mode mode();

    enum Mode {
        KEYS,
        OPEN
    }

    default boolean isOpen() {
        return mode() == Mode.OPEN;
    }
}
