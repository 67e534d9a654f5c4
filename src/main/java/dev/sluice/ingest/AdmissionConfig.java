package dev.sluice.ingest;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import java.util.Optional;

@ConfigMapping(prefix = "sluice.database")
interface AdmissionConfig {
    /** A database larger than this takes nothing more: 507 {@code DATABASE_FULL}. No limit unless set. */
    Optional<MemorySize> maxSize();
}
