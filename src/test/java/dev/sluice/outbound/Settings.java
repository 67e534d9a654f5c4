package dev.sluice.outbound;

import io.smallrye.config.SmallRyeConfigBuilder;

/** Configuration as a process would read it. */
final class Settings {
    private Settings() {}

    /** The defaults, but for these keys (without their prefix) and values. */
    static OutboundConfig of(String... keysAndValues) {
        SmallRyeConfigBuilder builder =
                new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(OutboundConfig.class);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            builder.withDefaultValue("sluice.source." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return builder.build().getConfigMapping(OutboundConfig.class);
    }
}
