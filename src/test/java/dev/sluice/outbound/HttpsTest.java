package dev.sluice.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.harness.Await;
import dev.sluice.harness.SelfSigned;
import dev.sluice.platform.problem.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpsTest {
    private static final OutboundConfig CONFIG = Settings.of("allowed-networks", "127.0.0.1/32");
    private static final Buffer BODY = Buffer.buffer(new byte[500_000]);
    private static final AtomicLong WRITTEN = new AtomicLong();
    private static final List<Seen> SEEN = new CopyOnWriteArrayList<>();

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static PfxOptions store;

    /** What a server saw of a request. */
    private record Seen(HttpVersion version, String sni, String authority) {}

    @BeforeAll
    static void makeACertificateForExampleCom() {
        SelfSigned certificate = SelfSigned.of("dns:example.com", directory);
        store = new PfxOptions().setPath(certificate.file().toString()).setPassword(SelfSigned.PASSWORD);
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
        WRITTEN.set(0);
    }

    private static int serve(HttpVersion version) {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setUseAlpn(true)
                        .setAlpnVersions(List.of(version))
                        .setKeyCertOptions(store))
                .requestHandler(HttpsTest::answer);
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private static void answer(HttpServerRequest request) {
        SEEN.add(new Seen(
                request.version(),
                request.connection().indicatedServerName(),
                request.authority().toString()));
        var response = request.response();
        switch (request.path()) {
            case "/a" -> response.end(BODY);
            case "/down" ->
                response.setStatusCode(302)
                        .putHeader("Location", "http://example.com/")
                        .end();
            case "/reset" ->
                response.putHeader("Content-Length", "1000000").write(BODY).onSuccess(_ -> response.reset());
            default -> {
                response.setChunked(true);
                pour(request);
            }
        }
    }

    /** For ever: the next write when the last one has been taken. */
    private static void pour(HttpServerRequest request) {
        request.response().write(BODY).onSuccess(_ -> {
            WRITTEN.addAndGet(BODY.length());
            pour(request);
        });
    }

    private static Fetcher fetcher(boolean trusting) {
        AddressGuard guard = new AddressGuard(CONFIG, _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")});
        var options = Connections.options(CONFIG);
        if (trusting) {
            options.setTrustOptions(store);
        }
        return new Fetcher(guard, new Connections(vertx, guard, CONFIG, options), CONFIG);
    }

    private static FetchRequest request(String host, int port, String path) {
        return new FetchRequest(URI.create("https://" + host + ":" + port + path), null, null);
    }

    private static FetchException failure(Fetcher fetcher, FetchRequest request) {
        return catchThrowableOfType(FetchException.class, () -> {
            try (Content content = (Content) fetcher.fetch(request)) {
                content.body().transferTo(OutputStream.nullOutputStream());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void theVersionIsNegotiatedAndTheNameIsShownThoughTheAddressIsConnectedTo(HttpVersion version) throws IOException {
        int port = serve(version);

        try (Content content = (Content) fetcher(true).fetch(request("example.com", port, "/a"))) {
            assertThat(content.body().readAllBytes()).hasSize(BODY.length());
        }

        assertThat(SEEN).containsExactly(new Seen(version, "example.com", "example.com:" + port));
    }

    @Test
    void aCertificateForAnotherNameIsNotTrusted() {
        FetchException failure = failure(fetcher(true), request("other.example", serve(HttpVersion.HTTP_2), "/a"));

        assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("certificate");
        assertThat(SEEN).isEmpty();
    }

    @Test
    void aCertificateOfNobodyIsNotTrusted() {
        FetchException failure = failure(fetcher(false), request("example.com", serve(HttpVersion.HTTP_2), "/a"));

        assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
        assertThat(failure.retryable()).isFalse();
        assertThat(SEEN).isEmpty();
    }

    @Test
    void aRedirectFromHttpsToHttpIsRefused() {
        FetchException failure = failure(fetcher(true), request("example.com", serve(HttpVersion.HTTP_2), "/down"));

        assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_REDIRECT_REFUSED);
        assertThat(failure.retryable()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aBodyThatIsResetIsTruncated(HttpVersion version) {
        FetchException failure = failure(fetcher(true), request("example.com", serve(version), "/reset"));

        assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_TRUNCATED);
        assertThat(failure.retryable()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aReaderThatDoesNotReadHoldsTheSourceBackAndNoOtherReader(HttpVersion version) throws IOException {
        int port = serve(version);
        Fetcher fetcher = fetcher(true);

        try (Content stalled = (Content) fetcher.fetch(request("example.com", port, "/pour"))) {
            long[] last = {-1, System.nanoTime()};
            Await.until("the source is held back", Duration.ofSeconds(20), () -> {
                if (WRITTEN.get() != last[0]) {
                    last[0] = WRITTEN.get();
                    last[1] = System.nanoTime();
                }
                return System.nanoTime() - last[1] > 500_000_000;
            });

            assertThat(WRITTEN.get()).isLessThan(16L * 1024 * 1024);
            try (Content content = (Content) fetcher.fetch(request("example.com", port, "/a"))) {
                assertThat(content.body().readAllBytes()).hasSize(BODY.length());
            }
            assertThat(stalled.body().readNBytes(20_000_000)).hasSize(20_000_000);
        }
    }
}
