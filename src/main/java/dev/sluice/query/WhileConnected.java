package dev.sluice.query;

import io.vertx.core.http.HttpServerResponse;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Fails once the client is gone: the HTTP layer itself takes what nobody reads to the end without a word. */
final class WhileConnected extends FilterOutputStream {
    private final HttpServerResponse response;

    WhileConnected(OutputStream out, HttpServerResponse response) {
        super(out);
        this.response = response;
    }

    @Override
    public void write(byte[] bytes, int off, int len) throws IOException {
        if (response.closed()) {
            throw new IOException("the client has closed the connection");
        }
        out.write(bytes, off, len);
    }
}
