package dev.sluice.query;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.RejectedExecutionException;

/**
 * Writes no faster than an event loop sends. The HTTP layer passes each write to the event loop, and asks whether the socket
 * takes more; of what still waits for the event loop it knows nothing. Written to by one thread, which may block.
 */
final class InStep extends FilterOutputStream {
    /** Bytes that wait for the event loop while as many again are written. */
    static final int WINDOW = 64 * 1024;

    private final EventLoop loop;
    private Future<?> handled;
    private int written;

    InStep(OutputStream out, EventLoop loop) {
        super(out);
        this.loop = loop;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int off, int len) throws IOException {
        for (int from = off; from < off + len; ) {
            int part = Math.min(WINDOW - written, off + len - from);
            out.write(bytes, from, part);
            written += part;
            from += part;
            if (written == WINDOW) {
                await();
                written = 0;
            }
        }
    }

    /** Until the event loop has come to the end of the window before this one. */
    private void await() throws IOException {
        Future<?> before = handled;
        try {
            handled = loop.submit(() -> {});
            if (before != null) {
                before.await();
            }
        } catch (RejectedExecutionException e) {
            throw new IOException("the event loop has ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
