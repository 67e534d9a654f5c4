package dev.sluice.harness;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The body of a request that is sent in small pieces, with a pause before each, so that there is time to disturb it. */
public final class SlowBody extends InputStream {
    private final ByteArrayInputStream in;
    private final int piece;
    private final long pause;

    private SlowBody(byte[] bytes, int piece, Duration all) {
        this.in = new ByteArrayInputStream(bytes);
        this.piece = piece;
        this.pause = all.toNanos() / (bytes.length / piece + 1);
    }

    /**
     * A body of known content.
     *
     * @param piece bytes sent at once; no client asks for more than 16 KiB
     * @param all how long it takes to its end
     */
    public static BodyPublisher of(byte[] bytes, int piece, Duration all) {
        return BodyPublishers.ofInputStream(() -> new SlowBody(bytes, piece, all));
    }

    @Override
    public int read() {
        return in.read();
    }

    @Override
    public int read(byte[] b, int off, int len) {
        LockSupport.parkNanos(pause);
        return in.read(b, off, Math.min(len, piece));
    }
}
