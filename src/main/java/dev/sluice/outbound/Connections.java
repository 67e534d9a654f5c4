package dev.sluice.outbound;

import dev.sluice.platform.problem.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * The one HTTP client of the program. It connects to addresses the guard has checked and never resolves a name; the name goes into {@code Host}, SNI
 * and the check of the certificate. Safe for use by many threads.
 */
@ApplicationScoped
class Connections {
    /** The most bytes in one part of a body. */
    static final int CHUNK = 64 * 1024;

    /** What a source of HTTP/2 may send ahead of us. */
    private static final int WINDOW = 1024 * 1024;

    /** Of a name with more addresses than these the rest is not tried. */
    private static final int MAX_ADDRESSES = 4;

    private static final int MAX_HEADERS = 32 * 1024;
    private static final int KEEP_ALIVE_SECONDS = 15;

    private final AddressGuard guard;
    private final OutboundConfig config;
    private final HttpClient client;

    @Inject
    Connections(Vertx vertx, AddressGuard guard, OutboundConfig config) {
        this(vertx, guard, config, options(config));
    }

    Connections(Vertx vertx, AddressGuard guard, OutboundConfig config, HttpClientOptions options) {
        this.guard = guard;
        this.config = config;
        this.client = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(config.connections()).setHttp2MaxSize(config.connections()));
    }

    /** HTTP/2 where TLS negotiates it. There, too, one body has one connection: a reader that is slow stops no other. */
    static HttpClientOptions options(OutboundConfig config) {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                .setHttp2MultiplexingLimit(1)
                .setHttp2ConnectionWindowSize(WINDOW)
                .setInitialSettings(
                        new Http2Settings().setInitialWindowSize(WINDOW).setPushEnabled(false))
                .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis()))
                .setSslHandshakeTimeout(config.connectTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(java.util.concurrent.TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxChunkSize(CHUNK)
                .setTracingPolicy(TracingPolicy.IGNORE) // the URL of a source may have credentials
                .setName("source");
    }

    @PreDestroy
    void close() {
        client.close();
    }

    /**
     * Sends a GET and waits for the head of the answer, whatever its status.
     *
     * @param checked as {@link AddressGuard#checkedUri} gave it
     * @throws FetchException {@code SOURCE_ADDRESS_REFUSED}, {@code SOURCE_UNREACHABLE}
     */
    Response get(URI checked, Map<String, String> headers, Deadline deadline, Cancellation cancellation)
            throws IOException {
        HttpClientRequest request = connect(checked, headers, deadline, cancellation);
        Future<Response> answer = request.response().map(head -> new Response(request, head));
        try {
            request.end();
            return cancellation.await(answer.toCompletionStage(), deadline.within(config.idleTimeout()));
        } catch (TimeoutException e) {
            request.reset();
            throw unreachable("The source accepted the request and did not answer.", e);
        } catch (ExecutionException e) {
            throw unreachable("The source closed the connection before it answered, or its answer is not HTTP.", e);
        } catch (IOException e) {
            request.reset();
            throw e;
        }
    }

    /** Tries one address after the other. */
    private HttpClientRequest connect(
            URI uri, Map<String, String> headers, Deadline deadline, Cancellation cancellation) throws IOException {
        FetchException failure = unreachable("The time for this fetch is over.", null);
        for (InetAddress address :
                guard.addresses(uri).stream().limit(MAX_ADDRESSES).toList()) {
            if (deadline.isOver()) {
                break;
            }
            Future<HttpClientRequest> request = client.request(options(uri, address, headers));
            try {
                return cancellation.await(request.toCompletionStage(), deadline.within(config.connectTimeout()));
            } catch (ExecutionException | TimeoutException e) {
                request.onSuccess(HttpClientRequest::reset);
                failure = connecting(e);
            } catch (IOException e) {
                request.onSuccess(HttpClientRequest::reset);
                throw e;
            }
        }
        throw failure;
    }

    private RequestOptions options(URI uri, InetAddress address, Map<String, String> headers) {
        boolean tls = uri.getScheme().equals("https");
        int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setSsl(tls)
                .setHost(uri.getHost())
                .setPort(port)
                .setURI(uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()))
                .setConnectTimeout(config.connectTimeout().toMillis())
                .setFollowRedirects(false);
        headers.forEach(options::putHeader);
        return options;
    }

    private static FetchException connecting(Exception e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof CertificateException) {
                return FetchException.permanent(
                        ErrorCode.SOURCE_UNREACHABLE, "The certificate of the source is not one to trust.", e);
            }
        }
        return unreachable("The source does not accept connections.", e);
    }

    private static FetchException unreachable(String detail, Exception cause) {
        return FetchException.retryable(ErrorCode.SOURCE_UNREACHABLE, detail, cause);
    }
}
