package dev.sluice.outbound;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Where a body comes from, and how its rest is asked for: the same URL with the same headers, at an address checked again. */
final class Origin {
    private final Connections connections;
    private final URI checked;
    private final Map<String, String> headers;
    private final Deadline deadline;
    private final Cancellation cancellation;

    Origin(
            Connections connections,
            URI checked,
            Map<String, String> headers,
            Deadline deadline,
            Cancellation cancellation) {
        this.connections = connections;
        this.checked = checked;
        this.headers = headers;
        this.deadline = deadline;
        this.cancellation = cancellation;
    }

    Deadline deadline() {
        return deadline;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    Response get() throws IOException {
        return connections.get(checked, headers, deadline, cancellation);
    }

    /**
     * Asks for all from a byte on.
     *
     * @param validator of the representation the bytes before it are of
     */
    Response getFrom(long position, String validator) throws IOException {
        Map<String, String> all = new HashMap<>(headers);
        all.remove("If-None-Match");
        all.remove("If-Modified-Since");
        all.put("Range", "bytes=" + position + "-");
        all.put("If-Range", validator);
        return connections.get(checked, all, deadline, cancellation);
    }
}
