package dev.sluice.platform;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.Set;

/** The types of this process. */
@ConfigMapping(prefix = "sluice.processes")
public interface Processes {
    /** {@code web}, {@code worker} or both; or {@code migrate} alone. */
    @WithParentName
    @WithDefault("web,worker")
    Set<ProcessType> types();

    default boolean include(ProcessType type) {
        return types().contains(type);
    }
}
