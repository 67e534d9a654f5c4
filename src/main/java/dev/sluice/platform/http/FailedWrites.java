package dev.sluice.platform.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Closes a connection once a write to it has failed, as it does when there is no memory outside the heap. Vert.x drops what it
 * could not write, and the client would wait for it. A write to a closed connection fails too, and changes nothing. Stands
 * behind the codec of HTTP/1.1, which may be what fails.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise tells what became of the write
final class FailedWrites extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message, promise.unvoid().addListener((ChannelFutureListener) FailedWrites::closeIfFailed));
    }

    /** Closes the connection past Vert.x, which would write once more while the write fails. */
    private static void closeIfFailed(ChannelFuture written) {
        if (!written.isSuccess() && written.channel().isActive()) {
            written.channel().pipeline().context(FailedWrites.class).close();
        }
    }
}
