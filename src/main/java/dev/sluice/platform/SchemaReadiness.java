package dev.sluice.platform;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Not ready until {@code migrate} has brought the schema up to date. */
@Readiness
class SchemaReadiness implements HealthCheck {
    private final Schema schema;

    SchemaReadiness(Schema schema) {
        this.schema = schema;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder check = HealthCheckResponse.named("schema");
        try {
            return check.status(schema.upToDate()).build();
        } catch (RuntimeException e) {
            return check.down().withData("database", "unreachable").build();
        }
    }
}
