package dev.sluice.harness;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Where the API is reached: at one process, or at a balancer before many. */
public interface Endpoint {
    int port();

    default URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    default HttpResponse<String> get(String path) {
        return Service.send(HttpRequest.newBuilder(uri(path)).build());
    }

    /** The status of a GET; 0 if nothing answers. */
    default int status(String path) {
        try {
            return get(path).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }
}
