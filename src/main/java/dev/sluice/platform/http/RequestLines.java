package dev.sluice.platform.http;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;

/**
 * The decoder of HTTP/1.1, which refuses lines that a proxy could read in another way: folded ones (obs-fold), which Netty
 * joins, and a carriage return within a line, which Netty refuses in most places (RFC 9112, sections 2.2 and 5.2); of a head and
 * of the trailers. It looks at the bytes that Netty has just read as lines: those between two messages, and those of a body
 * that are no content.
 */
final class RequestLines extends VertxHttpRequestDecoder {
    private byte last;
    private boolean isRefused;

    RequestLines(HttpServerOptions limits) {
        super(limits);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out) throws Exception {
        int from = bytes.readerIndex();
        int before = out.size();
        super.decode(ctx, bytes, out);
        List<Object> read = out.subList(before, out.size());
        if (read.stream()
                .anyMatch(part -> part instanceof HttpContent c && c.content().isReadable())) {
            last = 0;
        } else {
            bytes.forEachByte(from, bytes.readerIndex() - from, this::look);
        }
        if (isRefused) {
            read.replaceAll(RequestLines::refused);
        }
    }

    private boolean look(byte b) {
        isRefused |= last == '\n' && (b == ' ' || b == '\t') || last == '\r' && b != '\n';
        last = b;
        return true;
    }

    private static Object refused(Object part) {
        ProblemException why = new ProblemException(
                ErrorCode.REQUEST_INVALID, "A header has one line, and a carriage return only at its end.");
        switch (part) {
            case HttpMessage message -> message.setDecoderResult(DecoderResult.failure(why));
            case HttpContent content -> {
                content.release();
                HttpObject failed = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
                failed.setDecoderResult(DecoderResult.failure(why));
                return failed;
            }
            default -> {}
        }
        return part;
    }
}
