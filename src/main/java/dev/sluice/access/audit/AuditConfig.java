package dev.sluice.access.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How long the audit lasts, and how much of it others may fill. Public, or its constraints could not be checked. */
@ConfigMapping(prefix = "sluice.audit")
public interface AuditConfig {
    /** A month of the audit is dropped this long after its end. */
    @WithDefault("400d")
    @DurationMin(days = 1)
    Duration retention();

    /** Refused sign-ins that are written down within an hour. */
    @WithDefault("1000")
    @Min(0) int refusedPerHour();

    /** Refused sign-ins from one address that are written down within an hour. */
    @WithDefault("100")
    @Min(0) int refusedPerHourAndAddress();
}
