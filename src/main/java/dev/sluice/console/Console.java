package dev.sluice.console;

import dev.sluice.platform.HangUp;
import dev.sluice.platform.ProcessType;
import dev.sluice.platform.Processes;
import io.quarkus.arc.profile.UnlessBuildProfile;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.Map;

/**
 * Serves the console where a process is {@code web}: what is asked for otherwise goes on, as if there were none. It is in
 * memory, because Vert.x would unpack to disk what it serves from a jar. In dev mode Quarkus serves what is edited.
 */
@UnlessBuildProfile("dev")
class Console {
    void serve(@Observes Router router, Processes processes) {
        if (processes.include(ProcessType.WEB)) {
            Map<String, Asset> assets = Assets.read();
            router.route()
                    .order(RouteConstants.ROUTE_ORDER_BEFORE_DEFAULT)
                    .method(HttpMethod.GET)
                    .method(HttpMethod.HEAD)
                    .handler(routing -> answer(routing, assets));
        }
    }

    private static void answer(RoutingContext routing, Map<String, Asset> assets) {
        Asset asset = assets.get(routing.normalizedPath());
        if (asset == null) {
            routing.next();
            return;
        }
        HangUp.ifBodyIsLeft(routing);
        asset.answer(routing.request());
    }
}
