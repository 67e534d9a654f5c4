package dev.sluice.access;

import dev.sluice.access.key.AccessConfig;
import dev.sluice.platform.RequestHead;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.Problem;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What makes it safe to need no key: only this machine can connect, only to a name of this machine, and not for another one.
 * The second keeps out pages whose own name was made to lead here (DNS rebinding). The third keeps out what a proxy on this
 * machine passes on.
 */
@ApplicationScoped
class OpenMode {
    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final int FIRST = 1000;

    /** What proxies add to a request, with or without the headers that begin as {@link #OF_PROXIES}. */
    private static final Set<String> BY_PROXIES = Set.of("forwarded", "via", "x-real-ip");

    private static final String OF_PROXIES = "x-forwarded-";

    private final AccessConfig config;

    OpenMode(AccessConfig config) {
        this.config = config;
    }

    void refuseOtherInterfaces(
            @Observes StartupEvent event,
            @ConfigProperty(name = "quarkus.http.host") String clients,
            @ConfigProperty(name = "quarkus.management.host") String management) {
        if (config.isOpen()) {
            requireLoopback("QUARKUS_HTTP_HOST", clients);
            requireLoopback("QUARKUS_MANAGEMENT_HOST", management);
        }
    }

    private static void requireLoopback(String variable, String host) {
        if (!isLoopback(host)) {
            throw new ConfigurationException("SLUICE_ACCESS_MODE=open needs no key, so it listens on loopback alone: "
                    + variable + " is '" + host + "'. Set it to 127.0.0.1, or use keys.");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return Stream.of(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    void refuseOtherNames(@Observes Filters filters) {
        if (config.isOpen()) {
            filters.register(OpenMode::checkName, FIRST);
            filters.register(OpenMode::checkDirect, FIRST - 1);
        }
    }

    private static void checkDirect(RoutingContext routing) {
        for (Map.Entry<String, String> header : routing.request().headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(OF_PROXIES) || BY_PROXIES.contains(name)) {
                RequestHead.refuse(
                        routing,
                        Problem.of(
                                ErrorCode.PROXY_REFUSED,
                                "The request has a header of a proxy, which may have it from another machine. Use keys."));
                return;
            }
        }
        routing.next();
    }

    private static void checkName(RoutingContext routing) {
        HostAndPort asked = routing.request().authority();
        if (asked != null && NAMES.contains(asked.host())) {
            routing.next();
            return;
        }
        RequestHead.refuse(
                routing,
                Problem.of(
                        ErrorCode.HOST_REFUSED,
                        "Without keys this process answers to the names of this machine alone."));
    }
}
