package dev.sluice.platform.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.Problem;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.Problems;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Has every refusal be a problem document, whatever layer refuses: what the decoder cannot read, what this handler refuses
 * itself, and the answers of Vert.x and Quarkus that have a status from 400 and no body. Of one connection of HTTP/1.1, behind
 * its decoder.
 *
 * <p>Vert.x answers what failed to be decoded, in its turn, and ends the connection; this handler writes another answer in place
 * of that one. Nothing behind such a request is read as a request.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promises that are passed on tell what became of a write
final class Refusals extends ChannelDuplexHandler {
    private static final Duration LINGER = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /** RFC 9110, section 9, and RFC 5789. */
    private static final List<String> METHODS =
            List.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

    private final HttpServerOptions limits;

    /** The methods of the requests whose answers are not complete, in their order. */
    private final Queue<HttpMethod> unanswered = new ArrayDeque<>();

    /** Why the last of them is refused, and with it all that comes behind it; {@code null} if it is not. */
    private Problem refusal;

    private boolean answerHasBegun;
    private boolean hasAnsweredForGood;

    Refusals(HttpServerOptions limits) {
        this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refusal != null) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            unanswered.add(request.method());
            check(request);
            if (refusal != null) { // what is refused is named by nothing that its client made up: metrics keep names
                request.setMethod(HttpMethod.valueOf("OTHER")).setUri("/");
            }
        } else if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            refusal = Problem.of(ErrorCode.REQUEST_INVALID, "The chunks of the body are malformed.");
            if (unanswered.size() == 1 && !answerHasBegun) {
                ctx.writeAndFlush(response(HttpResponseStatus.BAD_REQUEST, unanswered.remove(), refusal));
                hasAnsweredForGood = true;
            }
        }
        ctx.fireChannelRead(message);
    }

    private void check(HttpRequest request) {
        DecoderResult result = request.decoderResult();
        if (result.isFailure()) {
            refusal = problem(result.cause());
            return;
        }
        try {
            HttpVersion version = request.protocolVersion();
            if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
                throw new ProblemException(ErrorCode.HTTP_VERSION_UNSUPPORTED, "This server speaks HTTP/1.1.");
            }
            if (!METHODS.contains(request.method().name())) {
                throw new ProblemException(
                        ErrorCode.METHOD_UNKNOWN, "The methods of HTTP are " + String.join(", ", METHODS) + ".");
            }
            checkFraming(request.headers());
            request.setUri(RequestTarget.encoded(request.uri()));
        } catch (ProblemException e) {
            refusal = Problem.of(e);
            request.setDecoderResult(DecoderResult.failure(e));
        }
    }

    /** A server before this one may read another end of the body, or another expectation, than this one. */
    private static void checkFraming(HttpHeaders headers) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.size() > 1 || codings.stream().anyMatch(c -> !c.equalsIgnoreCase("chunked"))) {
            throw new ProblemException(ErrorCode.REQUEST_INVALID, "The only Transfer-Encoding is chunked, and once.");
        }
        if (headers.getAll(HttpHeaderNames.EXPECT).stream().anyMatch(e -> !e.equalsIgnoreCase("100-continue"))) {
            throw new ProblemException(ErrorCode.REQUEST_INVALID, "The only expectation is 100-continue.");
        }
    }

    private Problem problem(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                Problem.of(
                        ErrorCode.URI_TOO_LONG,
                        "The first line of a request has at most " + limits.getMaxInitialLineLength() + " bytes.");
            case TooLongHttpHeaderException _ ->
                Problem.of(
                        ErrorCode.HEADERS_TOO_LARGE,
                        "The headers of a request have at most " + limits.getMaxHeaderSize() + " bytes.");
            case ProblemException e -> Problem.of(e);
            default -> Problem.of(ErrorCode.REQUEST_INVALID, "The first line or a header is not that of HTTP/1.1.");
        };
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (hasAnsweredForGood && message instanceof HttpObject) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        Object written = message;
        if (message instanceof HttpResponse response) {
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                ctx.write(message, promise);
                return;
            }
            answerHasBegun = true;
            written = withProblem(response);
        }
        if (written instanceof LastHttpContent) {
            unanswered.poll();
            answerHasBegun = false;
        }
        ctx.write(written, promise);
    }

    private HttpResponse withProblem(HttpResponse response) {
        HttpMethod method = unanswered.peek();
        if (refusal != null && unanswered.size() == 1) {
            ReferenceCountUtil.release(response);
            hasAnsweredForGood = true;
            return response(HttpResponseStatus.valueOf(refusal.status()), method, refusal);
        }
        int status = response.status().code();
        boolean isEmpty =
                response instanceof FullHttpResponse full && !full.content().isReadable();
        if (status < 400 || !isEmpty || HttpMethod.HEAD.equals(method)) {
            return response;
        }
        Problem problem = Problem.of(Problems.of(status));
        FullHttpResponse complete = response(response.status(), method, problem);
        complete.headers().remove(HttpHeaderNames.CONNECTION);
        HttpHeaders headers = response.headers();
        headers.setAll(complete.headers());
        ReferenceCountUtil.release(response);
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, response.status(), complete.content(), headers, EmptyHttpHeaders.INSTANCE);
    }

    /** An answer behind which the connection ends. */
    private static FullHttpResponse response(HttpResponseStatus status, HttpMethod method, Problem problem) {
        ByteBuf body = Unpooled.copiedBuffer(JsonObject.mapFrom(problem).encode(), UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, HttpMethod.HEAD.equals(method) ? Unpooled.EMPTY_BUFFER : body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER.toSeconds());
        }
        return response;
    }

    /** A client that still sends would lose its answer if the connection ended at once (RFC 9112, section 9.6). */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (refusal == null || !ctx.channel().isActive()) {
            ctx.close(promise);
            return;
        }
        ctx.channel().config().setAutoRead(true);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> endOutput(ctx));
        ctx.executor().schedule(() -> ctx.close(promise), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void endOutput(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (ctx.channel() instanceof DuplexChannel plain) {
            plain.shutdownOutput();
        }
    }
}
