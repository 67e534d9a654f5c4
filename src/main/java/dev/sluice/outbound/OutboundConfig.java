package dev.sluice.outbound;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

@ConfigMapping(prefix = "sluice.source")
interface OutboundConfig {
    /**
     * Networks (CIDR, separated by commas) that may be fetched from though they are not of the public internet, {@code
     * 10.1.0.0/16} for example. An IPv4 address inside an IPv6 one (NAT64) must be allowed itself, or public.
     */
    Optional<List<@WithConverter(NetworkConverter.class) Network>> allowedNetworks();

    /** How long one address of a source is given to accept a connection, with TLS. */
    @WithDefault("10s")
    Duration connectTimeout();

    /** How long a source may send nothing while it is waited for: before its answer, and between any two bytes of it. */
    @WithDefault("60s")
    Duration idleTimeout();

    /** The longest time a fetch may take from its first connection to its last byte, resumes included. */
    @WithDefault("24h")
    Duration timeLimit();

    /** A source that sends less than this a second, over the last {@link #minimumRateAfter()} of waiting, is given up. */
    @WithDefault("1K")
    MemorySize minimumRate();

    /** The time of waiting over which the rate of a source counts, from the first such time on. */
    @WithDefault("60s")
    Duration minimumRateAfter();

    /** The largest body, as sent and as decoded. */
    @WithDefault("1T")
    MemorySize maxSize();

    /** How many times its encoded size a body may expand to, once it is larger than {@link #expansionFree()}. */
    @WithDefault("200")
    int expansionRatio();

    /** The decoded size up to which a body may expand as it likes. */
    @WithDefault("64M")
    MemorySize expansionFree();

    /** Redirects that are followed in a row. */
    @WithDefault("5")
    int maxRedirects();

    /** How often in a row a body that breaks off is asked for its rest, if no byte of it comes. */
    @WithDefault("4")
    int maxResumes();

    /** The wait before the second such attempt in a row; it doubles with every further one. */
    @WithDefault("500ms")
    Duration resumeBackoff();

    /** Connections that one process has to one address of a source at a time. More wait for {@link #connectTimeout()}. */
    @WithDefault("16")
    int connections();
}
