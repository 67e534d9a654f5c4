package dev.sluice.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process that cannot use its cache starts without it, and takes longer. Here that is a fault. */
class AotCacheIT {
    @Test
    void theProcessesOfTestsStartFromTheirCache() {
        assumeTrue(
                AotCache.isExpected() || !AotCache.options().isEmpty(),
                "SKIPPED: what was built is a native executable, or tests were chosen by name");
        assertThat(AotCache.options()).isNotEmpty();

        Map<String, String> configuration = new HashMap<>(Servers.newDatabase());
        configuration.put("jdk.java.options", "-Xlog:class+load");
        try (Service migrate = Service.start("migrate", configuration)) {
            assertThat(migrate.exitCode()).isZero();
            assertThat(migrate.output().lines())
                    .as("a class of Sluice that is read from no jar")
                    .anyMatch(line -> line.contains(" dev.sluice.") && line.contains("source: shared objects file"));
        }
    }
}
