package dev.sluice.platform;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Gives every request an id, the client's own if it sent one: in the log of all that is done for it, and in the answer. */
class RequestId {
    private static final String HEADER = "X-Request-Id";
    private static final String KEY = "request";
    private static final Pattern VALID = Pattern.compile("[!-~]{1,100}");

    @ServerRequestFilter(preMatching = true)
    public void begin(ContainerRequestContext request) {
        String sent = request.getHeaderString(HEADER);
        MDC.put(
                KEY,
                sent != null && VALID.matcher(sent).matches()
                        ? sent
                        : UUID.randomUUID().toString());
    }

    @ServerResponseFilter
    public void end(ContainerResponseContext response) {
        Object id = MDC.get(KEY);
        if (id != null) {
            response.getHeaders().putSingle(HEADER, id);
        }
    }
}
