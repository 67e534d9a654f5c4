package dev.sluice.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.DelegatingHandle;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * How much a connection reads at once: little of what may be heads of requests, so that few of them are held, and much of a
 * body. Used by the event loop of the connection alone.
 */
final class Reading extends DelegatingHandle implements ExtendedHandle, RecvByteBufAllocator {
    private static final int HEAD_BYTES = 1024;

    private boolean isOfBody;
    private boolean isStopped;
    private boolean hasRead;

    Reading() {
        super(new AdaptiveRecvByteBufAllocator().newHandle());
    }

    @Override
    @SuppressWarnings("deprecation") // the interface has no other method
    public Handle newHandle() {
        return this;
    }

    void ofBody(boolean body) {
        isOfBody = body;
    }

    /** Whether the loop that reads what has come is to end with the present read. */
    void stop(boolean stopped) {
        isStopped = stopped;
    }

    /** Whether bytes have come since this was asked last. */
    boolean hasRead() {
        boolean read = hasRead;
        hasRead = false;
        return read;
    }

    @Override
    public int guess() {
        int guess = delegate().guess();
        return isOfBody ? guess : Math.min(guess, HEAD_BYTES);
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
        return allocator.ioBuffer(guess());
    }

    @Override
    public void lastBytesRead(int bytes) {
        hasRead |= bytes > 0;
        delegate().lastBytesRead(bytes);
    }

    @Override
    public boolean continueReading() {
        return !isStopped && delegate().continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
        return !isStopped && ((ExtendedHandle) delegate()).continueReading(maybeMoreData);
    }
}
