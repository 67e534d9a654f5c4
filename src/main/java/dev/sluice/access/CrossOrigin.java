package dev.sluice.access;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What CORS adds to answers, where the operator has it on. Pages of other origins may read by key alone, so no answer allows
 * credentials, whatever the configuration says; and each answer says that it is another one for another origin.
 */
class CrossOrigin {
    /** Before the filter of Quarkus, which ends what it refuses. */
    private static final int FIRST = 2000;

    void register(
            @Observes Filters filters,
            @ConfigProperty(name = "quarkus.http.cors.enabled", defaultValue = "false") boolean isOn) {
        if (isOn) {
            filters.register(
                    routing -> {
                        routing.addHeadersEndHandler(
                                _ -> complete(routing.response().headers()));
                        routing.next();
                    },
                    FIRST);
        }
    }

    private static void complete(MultiMap headers) {
        headers.remove(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS).add(HttpHeaders.VARY, "Origin");
    }
}
