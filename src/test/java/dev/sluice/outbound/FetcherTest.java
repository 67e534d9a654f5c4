package dev.sluice.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.harness.Await;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceAnswer;
import dev.sluice.harness.SourceFile;
import dev.sluice.platform.problem.ErrorCode;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetcherTest {
    private static final byte[] FILE = random(300_000);
    private static final String MODIFIED = "Tue, 24 Nov 2026 10:00:00 GMT";
    private static final String A_MINUTE_LATER = "Tue, 24 Nov 2026 10:01:00 GMT";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static Vertx vertx;

    private final Source source = Source.start();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final AtomicInteger resolved = new AtomicInteger();

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void stopSource() {
        source.close();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private Fetcher fetcher(String... keysAndValues) {
        String[] all = Arrays.copyOf(
                new String[] {"allowed-networks", "127.0.0.1/32", "resume-backoff", "1ms"}, 4 + keysAndValues.length);
        System.arraycopy(keysAndValues, 0, all, 4, keysAndValues.length);
        OutboundConfig config = Settings.of(all);
        AddressGuard guard = new AddressGuard(config, this::resolve);
        return new Fetcher(guard, new Connections(vertx, guard, config), config);
    }

    private InetAddress[] resolve(String name) {
        resolved.incrementAndGet();
        return new InetAddress[] {InetAddress.ofLiteral(names.get(name))};
    }

    private static FetchRequest request(URI uri) {
        return new FetchRequest(uri, null, null);
    }

    private static byte[] read(Fetcher fetcher, URI uri) throws IOException {
        try (Content content = (Content) fetcher.fetch(request(uri))) {
            return content.body().readAllBytes();
        }
    }

    private static FetchException failure(Fetcher fetcher, URI uri) {
        return catchThrowableOfType(FetchException.class, () -> {
            try (Content content = (Content) fetcher.fetch(request(uri))) {
                content.body().transferTo(OutputStream.nullOutputStream());
            }
        });
    }

    private static void assertFailure(FetchException failure, ErrorCode code, boolean retryable) {
        assertThat(failure).isNotNull();
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
        assertThat(failure.retryable()).isEqualTo(retryable);
    }

    // --- what is sent and what comes

    @Test
    void contentArrivesWithWhatIsKnownOfIt() throws IOException {
        source.on("/a", SourceFile.of(FILE).withETag("\"1\"").with("Last-Modified", "Tue, 24 Nov 2026 10:00:00 GMT"));

        try (Content content = (Content) fetcher().fetch(request(source.uri("/a?b=c%20d")))) {
            assertThat(content.body().readAllBytes()).isEqualTo(FILE);
            assertThat(content.body().read()).isEqualTo(-1);
            assertThat(content.length()).isEqualTo(FILE.length);
            assertThat(content.etag()).isEqualTo("\"1\"");
            assertThat(content.lastModified()).isEqualTo("Tue, 24 Nov 2026 10:00:00 GMT");
        }
        assertThat(source.received()).singleElement().satisfies(request -> {
            assertThat(request.target()).isEqualTo("/a?b=c%20d");
            assertThat(request.header("Host")).isEqualTo("127.0.0.1:" + source.port());
            assertThat(request.header("Accept-Encoding")).isEqualTo("gzip");
            assertThat(request.headers())
                    .doesNotContainKeys("authorization", "if-none-match", "if-modified-since", "upgrade");
        });
    }

    @Test
    void aBodyInChunksHasNoLengthAndArrivesWhole() throws IOException {
        source.on("/a", SourceFile.of(FILE).chunked());

        try (Content content = (Content) fetcher().fetch(request(source.uri("/a")))) {
            assertThat(content.length()).isNull();
            assertThat(content.body().readAllBytes()).isEqualTo(FILE);
        }
    }

    @Test
    void anEmptyBodyIsContent() throws IOException {
        source.on("/a", SourceFile.of(new byte[0]));

        assertThat(read(fetcher(), source.uri("/a"))).isEmpty();
    }

    @Test
    void aFinishedConnectionIsUsedAgain() throws IOException {
        source.on("/a", SourceFile.of(FILE));
        Fetcher fetcher = fetcher();

        // The end of a body is here a moment before its connection is free again.
        int fetches = 0;
        while (source.connections() == fetches && fetches < 20) {
            assertThat(read(fetcher, source.uri("/a"))).isEqualTo(FILE);
            fetches++;
        }
        assertThat(source.connections()).isLessThan(fetches);
    }

    @Test
    void contentWeAlreadyHaveIsNotSentAgain() throws IOException {
        source.on("/etag", SourceFile.of(FILE).withETag("\"1\""));
        source.on("/date", SourceFile.of(FILE).with("Last-Modified", "Tue, 24 Nov 2026 10:00:00 GMT"));

        assertThat(fetcher().fetch(new FetchRequest(source.uri("/etag"), "\"1\"", null)))
                .isInstanceOf(NotModified.class);
        assertThat(fetcher().fetch(new FetchRequest(source.uri("/date"), null, "Tue, 24 Nov 2026 10:00:00 GMT")))
                .isInstanceOf(NotModified.class);
        assertThat(fetcher().fetch(new FetchRequest(source.uri("/etag"), "\"2\"", null)))
                .isInstanceOfSatisfying(Content.class, Content::close);
    }

    // --- the guard

    @Test
    void aNameIsResolvedOnceAndItsCheckedAddressIsConnectedTo() throws IOException {
        source.on("/a", SourceFile.of(FILE));
        names.put("example.com", "127.0.0.1");

        assertThat(read(fetcher(), source.uri("example.com", "/a"))).isEqualTo(FILE);

        assertThat(resolved).hasValue(1);
        assertThat(source.received().getFirst().header("Host")).isEqualTo("example.com:" + source.port());
    }

    @Test
    void aNameThatChangesItsAnswerAfterTheCheckDoesNotGetIn() {
        source.on("/a", SourceFile.of(FILE));
        // Given a name whose first answer may be fetched from, though nobody is there, and whose later ones may not
        OutboundConfig config = Settings.of("allowed-networks", "127.0.0.2/32");
        AddressGuard guard = new AddressGuard(config, _ ->
                new InetAddress[] {InetAddress.ofLiteral(resolved.incrementAndGet() == 1 ? "127.0.0.2" : "127.0.0.1")});
        Fetcher fetcher = new Fetcher(guard, new Connections(vertx, guard, config), config);

        assertFailure(failure(fetcher, source.uri("example.com", "/a")), ErrorCode.SOURCE_UNREACHABLE, true);
        assertThat(resolved).hasValue(1);
        assertFailure(failure(fetcher, source.uri("example.com", "/a")), ErrorCode.SOURCE_ADDRESS_REFUSED, false);
        assertThat(resolved).hasValue(2);
        assertThat(source.connections()).isZero();
    }

    @Test
    void anAddressThatDoesNotAnswerIsFollowedByTheNext() throws IOException {
        source.on("/a", SourceFile.of(FILE));
        OutboundConfig config = Settings.of("allowed-networks", "127.0.0.0/8");
        AddressGuard guard = new AddressGuard(config, _ ->
                new InetAddress[] {InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.1")});

        assertThat(read(
                        new Fetcher(guard, new Connections(vertx, guard, config), config),
                        source.uri("example.com", "/a")))
                .isEqualTo(FILE);
    }

    @Test
    void whatTheGuardRefusesIsNotTriedAgain() {
        assertFailure(
                failure(fetcher(), URI.create("http://169.254.169.254/latest")),
                ErrorCode.SOURCE_ADDRESS_REFUSED,
                false);
        assertFailure(failure(fetcher(), URI.create("ftp://example.com/")), ErrorCode.SOURCE_URL_INVALID, false);
    }

    // --- redirects

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreFollowed(int status) throws IOException {
        source.on("/a/b", SourceAnswer.redirect(status, "../c?d"));
        source.on("/c", SourceFile.of(FILE));

        assertThat(read(fetcher(), source.uri("/a/b"))).isEqualTo(FILE);
        assertThat(source.received("/c").getFirst().target()).isEqualTo("/c?d");
    }

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.1/, SOURCE_ADDRESS_REFUSED",
        "http://169.254.169.254/latest/, SOURCE_ADDRESS_REFUSED",
        "//[::1]/, SOURCE_ADDRESS_REFUSED",
        "http://0x7f.1/, SOURCE_ADDRESS_REFUSED",
        "http://inside.example/, SOURCE_ADDRESS_REFUSED",
        "file:///etc/passwd, SOURCE_REDIRECT_REFUSED",
        "gopher://example.com/, SOURCE_REDIRECT_REFUSED",
        "http://a b/, SOURCE_REDIRECT_REFUSED"
    })
    void redirectsToWhereNobodyMayFetchAreRefused(String location, ErrorCode code) {
        names.put("inside.example", "10.0.0.1");
        source.on("/a", SourceAnswer.redirect(302, location));

        assertFailure(failure(fetcher(), source.uri("/a")), code, false);
    }

    @Test
    void aNameIsResolvedAgainAtEveryRedirect() {
        names.put("example.com", "127.0.0.1");
        source.on("/a", (request, out) -> {
            names.put("example.com", "10.0.0.1");
            SourceAnswer.redirect(302, "/b").answer(request, out);
        });

        assertFailure(failure(fetcher(), source.uri("example.com", "/a")), ErrorCode.SOURCE_ADDRESS_REFUSED, false);
        assertThat(source.received("/b")).isEmpty();
    }

    @Test
    void redirectsEndAfterFive() throws IOException {
        for (int i = 0; i < 6; i++) {
            source.on("/" + i, SourceAnswer.redirect(302, "/" + (i + 1)));
        }
        source.on("/6", SourceFile.of(FILE));

        assertThat(read(fetcher(), source.uri("/1"))).isEqualTo(FILE);
        assertFailure(failure(fetcher(), source.uri("/0")), ErrorCode.SOURCE_REDIRECT_REFUSED, false);
    }

    @Test
    void aRedirectToNowhereIsRefused() {
        source.on("/a", SourceAnswer.status(302));

        assertFailure(failure(fetcher(), source.uri("/a")), ErrorCode.SOURCE_REDIRECT_REFUSED, false);
    }

    @Test
    void credentialsAreSentToTheirOwnOriginOnly() throws IOException {
        names.put("other.example", "127.0.0.1");
        names.put("example.com", "127.0.0.1");
        source.on("/same", SourceAnswer.redirect(302, "/away"));
        source.on(
                "/away",
                SourceAnswer.redirect(
                        302, source.uri("u2:p2@other.example", "/other").toString()));
        source.on(
                "/other",
                SourceAnswer.redirect(302, source.uri("example.com", "/back").toString()));
        source.on("/back", SourceFile.of(FILE));

        assertThat(read(fetcher(), source.uri("us%C3%A9r:p%40ss+@example.com", "/same")))
                .isEqualTo(FILE);

        // "usér:p@ss+" in UTF-8 and Base64
        String basic = "Basic dXPDqXI6cEBzcys=";
        assertThat(source.received("/same").getFirst().header("Authorization")).isEqualTo(basic);
        assertThat(source.received("/away").getFirst().header("Authorization")).isEqualTo(basic);
        assertThat(source.received("/other").getFirst().header("Authorization")).isNull();
        assertThat(source.received("/back").getFirst().header("Authorization")).isNull();
        assertThat(source.received("/same").getFirst().header("Host")).doesNotContain("@");
    }

    // --- errors

    @ParameterizedTest
    @CsvSource({
        "400, false",
        "401, false",
        "403, false",
        "404, false",
        "410, false",
        "429, true",
        "500, true",
        "502, true",
        "503, true",
        "204, false",
        "206, false",
        "304, false"
    })
    void statusesAreRetriedWhereTheyMayPass(int status, boolean retryable) {
        source.on("/a", SourceAnswer.status(status));

        FetchException failure = failure(fetcher(), source.uri("/a"));

        assertFailure(failure, ErrorCode.SOURCE_REFUSED, retryable);
        assertThat(failure.retryAfter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void theSourceSaysWhenToComeAgain(int status) {
        source.on("/a", SourceAnswer.status(status, Map.of("Retry-After", "120")));

        assertThat(failure(fetcher(), source.uri("/a")).retryAfter()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void nobodyThereMayBeThereLater() {
        URI uri = source.uri("/a");
        source.close();

        assertFailure(failure(fetcher(), uri), ErrorCode.SOURCE_UNREACHABLE, true);
    }

    @Test
    void aConnectionClosedInsteadOfAnAnswerIsRetryable() {
        source.on("/a", SourceAnswer.hangUp());

        assertFailure(failure(fetcher(), source.uri("/a")), ErrorCode.SOURCE_UNREACHABLE, true);
    }

    @Test
    void whatIsNotHttpIsNoAnswer() {
        source.on("/a", (_, out) -> {
            out.write("SSH-2.0-OpenSSH\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            throw new SourceAnswer.HangUp();
        });

        assertFailure(failure(fetcher(), source.uri("/a")), ErrorCode.SOURCE_UNREACHABLE, true);
    }

    @Test
    void silenceEndsAtTheIdleTimeout() {
        source.on("/head", SourceAnswer.silence());
        source.on("/body", SourceFile.of(FILE).withETag("\"1\"").withRanges().stallingAfter(1000));
        Fetcher fetcher = fetcher("idle-timeout", "200ms");

        assertFailure(failure(fetcher, source.uri("/head")), ErrorCode.SOURCE_UNREACHABLE, true);
        assertFailure(failure(fetcher, source.uri("/body")), ErrorCode.SOURCE_UNREACHABLE, true);
        assertThat(source.received("/body")).hasSize(1);
        Await.until("both connections are let go", SOON, () -> source.lost() == 2);
    }

    @Test
    void aReaderThatIsSlowIsNotTheSourceBeingIdle() throws IOException {
        byte[] large = random(4_000_000);
        source.on("/a", SourceFile.of(large));

        try (Content content = (Content) fetcher("idle-timeout", "1s").fetch(request(source.uri("/a")))) {
            InputStream body = content.body();
            byte[] first = body.readNBytes(1000);
            long then = System.nanoTime();
            Await.until("longer than the timeout", SOON, () -> System.nanoTime() - then > 2_000_000_000);
            assertThat(first).isEqualTo(Arrays.copyOf(large, 1000));
            assertThat(body.readAllBytes()).hasSize(large.length - 1000);
        }
    }

    @Test
    void aFetchEndsAtItsTimeLimit() {
        source.on("/a", SourceAnswer.endless(new byte[1], Duration.ofMillis(20)));

        assertFailure(failure(fetcher("time-limit", "300ms"), source.uri("/a")), ErrorCode.SOURCE_UNREACHABLE, true);
    }

    @Test
    void aTrickleIsGivenUp() {
        source.on("/a", SourceAnswer.endless(new byte[1], Duration.ofMillis(20)));

        FetchException failure = failure(fetcher("minimum-rate-after", "300ms"), source.uri("/a"));

        assertFailure(failure, ErrorCode.SOURCE_UNREACHABLE, true);
        assertThat(failure).hasMessageContaining("the least is 1024 a second");
    }

    @Test
    void aTrickleAfterAFastBeginningIsGivenUp() {
        source.on("/a", SourceAnswer.trickling(new byte[1_000_000], Duration.ofMillis(20)));

        FetchException failure = failure(fetcher("minimum-rate-after", "300ms"), source.uri("/a"));

        assertFailure(failure, ErrorCode.SOURCE_UNREACHABLE, true);
        assertThat(failure).hasMessageContaining("the least is 1024 a second");
    }

    @Test
    void anEndlessBodyEndsAtTheLargestSize() {
        source.on("/a", SourceAnswer.endless(new byte[64 * 1024]));

        assertFailure(failure(fetcher("max-size", "10M"), source.uri("/a")), ErrorCode.BODY_TOO_LARGE, false);
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsNotBegun() {
        source.on("/a", SourceFile.of(FILE));

        assertThatThrownBy(() -> fetcher("max-size", "1000").fetch(request(source.uri("/a"))))
                .isInstanceOfSatisfying(FetchException.class, e -> assertFailure(e, ErrorCode.BODY_TOO_LARGE, false));
    }

    // --- bodies that break off

    @ParameterizedTest
    @ValueSource(strings = {"ETag", "Last-Modified"})
    void aBodyThatBreaksOffIsContinued(String validator) throws IOException {
        String value = validator.equals("ETag") ? "\"1\"" : MODIFIED;
        source.on(
                "/a",
                SourceFile.of(FILE)
                        .with(validator, value)
                        .with("Date", A_MINUTE_LATER)
                        .withRanges()
                        .droppingAfter(70_000));

        assertThat(read(fetcher(), source.uri("/a"))).isEqualTo(FILE);

        assertThat(source.received("/a")).hasSize(5).last().satisfies(request -> {
            assertThat(request.header("If-Range")).isEqualTo(value);
            assertThat(request.header("Range")).isEqualTo("bytes=280000-");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "ETag, '\"1\"', '\"2\"'",
        "ETag, '\"1\"', 'W/\"1\"'",
        "Last-Modified, 'Tue, 24 Nov 2026 10:00:00 GMT', 'Tue, 24 Nov 2026 10:00:01 GMT'"
    })
    void theRestOfAnotherFileIsNotTakenThoughTheSourceSendsIt(String validator, String first, String then) {
        SourceFile file = SourceFile.of(FILE).with("Date", A_MINUTE_LATER).withHeedlessRanges();
        source.on(
                "/a", SourceAnswer.inTurn(file.with(validator, first).droppingAfter(1000), file.with(validator, then)));

        FetchException failure = failure(fetcher(), source.uri("/a"));

        assertFailure(failure, ErrorCode.SOURCE_CHANGED, true);
        assertThat(failure).hasMessageContaining("broke off after 1000 of 300000 bytes");
        assertThat(source.received()).hasSize(2);
    }

    @Test
    void aRestOfAnotherLengthOrEncodingIsOfAnotherFile() {
        SourceFile file = SourceFile.of(FILE).withETag("\"1\"").withHeedlessRanges();
        source.on(
                "/longer",
                SourceAnswer.inTurn(
                        file.droppingAfter(1000),
                        SourceFile.of(random(400_000)).withETag("\"1\"").withHeedlessRanges()));
        source.on("/encoded", SourceAnswer.inTurn(file.droppingAfter(1000), file.with("Content-Encoding", "gzip")));
        source.on(
                "/decoded",
                SourceAnswer.inTurn(SourceFile.gzip(FILE).withETag("\"1\"").droppingAfter(1000), file));

        for (String path : new String[] {"/longer", "/encoded", "/decoded"}) {
            assertFailure(failure(fetcher(), source.uri(path)), ErrorCode.SOURCE_CHANGED, true);
            assertThat(source.received(path)).hasSize(2);
        }
    }

    /** A source that leaves the validator out may have overlooked {@code If-Range}. */
    @ParameterizedTest
    @ValueSource(strings = {"ETag", "Last-Modified"})
    void aRestWithoutItsValidatorIsNotTaken(String validator) {
        String value = validator.equals("ETag") ? "\"1\"" : MODIFIED;
        SourceFile file = SourceFile.of(FILE).with("Date", A_MINUTE_LATER).withHeedlessRanges();
        source.on("/a", SourceAnswer.inTurn(file.with(validator, value).droppingAfter(1000), file));

        assertFailure(failure(fetcher(), source.uri("/a")), ErrorCode.SOURCE_TRUNCATED, true);
        assertThat(source.received()).hasSize(2);
    }

    /** A file may change twice in a second, and the clock of a file system may be another one than that of {@code Date}. */
    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "Tue, 24 Nov 2026 10:00:00 GMT", "Tue, 24 Nov 2026 10:00:59 GMT"})
    void aBodyIsNotContinuedByADateThatMayNameTwoFiles(String date) {
        SourceFile file = SourceFile.of(FILE).with("Last-Modified", MODIFIED).withRanges();
        source.on("/a", (date.isEmpty() ? file : file.with("Date", date)).droppingAfter(1000));

        assertFailure(failure(fetcher(), source.uri("/a")), ErrorCode.SOURCE_TRUNCATED, true);
        assertThat(source.received()).hasSize(1);
    }

    /** A redirect is followed once: what it leads to then may be another file than what it led to before. */
    @Test
    void theRestIsAskedForWhereTheBeginningCameFrom() throws IOException {
        SourceFile file = SourceFile.of(FILE).withETag("\"1\"").withRanges();
        source.on("/latest", SourceAnswer.inTurn(SourceAnswer.redirect(302, "/1"), SourceAnswer.redirect(302, "/2")));
        source.on("/1", SourceAnswer.inTurn(file.droppingAfter(1000), file));
        source.on("/2", SourceFile.of(random(300_000)).withETag("\"1\"").withRanges());

        assertThat(read(fetcher(), source.uri("/latest"))).isEqualTo(FILE);
        assertThat(source.received("/1")).hasSize(2);
        assertThat(source.received("/2")).isEmpty();
    }

    @Test
    void aBodyInChunksIsContinuedToTheLengthOfTheWhole() throws IOException {
        SourceFile file = SourceFile.of(FILE).withETag("\"1\"").withRanges();
        source.on("/a", SourceAnswer.inTurn(file.chunked().droppingAfter(1000), file.droppingAfter(200_000), file));

        assertThat(read(fetcher(), source.uri("/a"))).isEqualTo(FILE);
        assertThat(source.received()).hasSize(3);
    }

    @Test
    void aContinuationThatCarriesLessThanTheRestIsContinuedToo() throws IOException {
        SourceFile file = SourceFile.of(FILE).withETag("\"1\"").withRanges();
        SourceAnswer part = (_, out) -> {
            out.head(
                    206,
                    Map.of(
                            "Content-Range",
                            "bytes 1000-1999/" + FILE.length,
                            "Content-Length",
                            "1000",
                            "ETag",
                            "\"1\""));
            out.write(FILE, 1000, 1000);
        };
        source.on("/a", SourceAnswer.inTurn(file.droppingAfter(1000), part, file));

        assertThat(read(fetcher(), source.uri("/a"))).isEqualTo(FILE);
        assertThat(source.received())
                .extracting(r -> r.header("Range"))
                .containsExactly(null, "bytes=1000-", "bytes=2000-");
    }

    @Test
    void theAddressIsCheckedAgainBeforeABodyIsContinued() {
        names.put("example.com", "127.0.0.1");
        SourceFile file = SourceFile.of(FILE).withETag("\"1\"").withRanges();
        source.on("/a", (request, out) -> {
            names.put("example.com", "10.0.0.1");
            file.droppingAfter(1000).answer(request, out);
        });

        assertFailure(failure(fetcher(), source.uri("example.com", "/a")), ErrorCode.SOURCE_ADDRESS_REFUSED, false);
        assertThat(resolved).hasValue(2);
    }

    @Test
    void aBodyIsNotContinuedWithWhatIsNotItsRest() {
        SourceFile file = SourceFile.of(FILE).withETag("\"1\"").withRanges();
        SourceAnswer all = SourceFile.of(FILE).withETag("\"1\"");
        SourceAnswer elsewhere = SourceAnswer.status(206, Map.of("Content-Range", "bytes 999-299999/300000"));
        SourceAnswer unnamed = SourceAnswer.status(206, Map.of("ETag", "\"1\""));
        SourceAnswer gone = SourceAnswer.status(404);

        for (SourceAnswer then : new SourceAnswer[] {all, elsewhere, unnamed, gone, SourceAnswer.redirect(302, "/b")}) {
            source.on("/a", SourceAnswer.inTurn(file.droppingAfter(1000), then));
            int before = source.received().size();

            assertFailure(failure(fetcher(), source.uri("/a")), ErrorCode.SOURCE_TRUNCATED, true);
            assertThat(source.received()).hasSize(before + 2);
        }
        source.on("/a", SourceAnswer.inTurn(file.droppingAfter(1000), file.withETag("\"2\"")));
        assertFailure(failure(fetcher(), source.uri("/a")), ErrorCode.SOURCE_CHANGED, true);
    }

    @Test
    void aBodyThatCannotBeContinuedIsTruncated() {
        SourceFile drops = SourceFile.of(FILE).withRanges().droppingAfter(1000);
        source.on("/nothing", drops);
        source.on(
                "/weak",
                drops.withETag("W/\"1\"").with("Last-Modified", MODIFIED).with("Date", A_MINUTE_LATER));
        source.on("/none", drops.withETag("\"1\"").with("Accept-Ranges", "none"));
        source.on("/chunked", drops.chunked());

        for (String path : new String[] {"/nothing", "/weak", "/none", "/chunked"}) {
            assertFailure(failure(fetcher(), source.uri(path)), ErrorCode.SOURCE_TRUNCATED, true);
            assertThat(source.received(path)).hasSize(1);
        }
    }

    @Test
    void continuingWithoutProgressEnds() {
        SourceFile file = SourceFile.of(FILE).withETag("\"1\"").withRanges();
        source.on("/drop", SourceAnswer.inTurn(file.droppingAfter(1000), file.droppingAfter(0)));
        source.on("/busy", SourceAnswer.inTurn(file.droppingAfter(1000), SourceAnswer.status(503)));
        source.on("/gone", SourceAnswer.inTurn(file.droppingAfter(1000), SourceAnswer.hangUp()));

        for (String path : new String[] {"/drop", "/busy", "/gone"}) {
            assertFailure(failure(fetcher(), source.uri(path)), ErrorCode.SOURCE_TRUNCATED, true);
            assertThat(source.received(path)).hasSize(5);
        }
    }

    @Test
    void aSourceThatRestartsIsWaitedFor() throws IOException {
        SourceFile file = SourceFile.of(FILE).withETag("\"1\"").withRanges();
        source.on(
                "/a",
                SourceAnswer.inTurn(file.droppingAfter(1000), SourceAnswer.hangUp(), SourceAnswer.status(503), file));

        assertThat(read(fetcher(), source.uri("/a"))).isEqualTo(FILE);
    }

    @Test
    void aLengthThatIsALieIsNeverANormalEnd() {
        source.on("/a", SourceFile.of(FILE).announcing(FILE.length + 1));

        FetchException failure = failure(fetcher(), source.uri("/a"));

        assertFailure(failure, ErrorCode.SOURCE_TRUNCATED, true);
        assertThat(failure).hasMessageContaining("300000 of 300001");
    }

    // --- gzip

    @Test
    void gzipIsDecoded() throws IOException {
        byte[] text = "zip,city\n00501,Holtsville\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        source.on("/length", SourceFile.gzip(text));
        source.on("/chunked", SourceFile.gzip(text).chunked());

        assertThat(read(fetcher(), source.uri("/length"))).isEqualTo(text);
        assertThat(read(fetcher(), source.uri("/chunked"))).isEqualTo(text);
    }

    @Test
    void gzipOfManyMembersIsDecodedToItsEnd() throws IOException {
        byte[] member = SourceFile.compressed("a,b\n".getBytes(StandardCharsets.UTF_8));
        source.on("/many", SourceAnswer.repeated(member, 50_000, Map.of("Content-Encoding", "gzip")));
        source.on(
                "/empty",
                SourceAnswer.repeated(
                        SourceFile.compressed(new byte[0]), 50_000, Map.of("Content-Encoding", "x-gzip")));

        assertThat(read(fetcher(), source.uri("/many"))).hasSize(200_000);
        assertThat(read(fetcher(), source.uri("/empty"))).isEmpty();
    }

    @Test
    void gzipThatBreaksOffIsContinued() throws IOException {
        source.on("/a", SourceFile.gzip(FILE).withETag("\"1\"").withRanges().droppingAfter(70_000));

        assertThat(read(fetcher(), source.uri("/a"))).isEqualTo(FILE);
        assertThat(source.received("/a")).hasSize(5);
    }

    @Test
    void gzipIsNotContinuedByItsDate() {
        source.on(
                "/a",
                SourceFile.gzip(FILE)
                        .with("Last-Modified", MODIFIED)
                        .with("Date", A_MINUTE_LATER)
                        .withRanges()
                        .droppingAfter(70_000));

        assertFailure(failure(fetcher(), source.uri("/a")), ErrorCode.SOURCE_TRUNCATED, true);
        assertThat(source.received("/a")).hasSize(1);
    }

    @Test
    void gzipThatIsCutOrDamagedIsAnError() {
        byte[] gzip = SourceFile.compressed(FILE);
        byte[] damaged = gzip.clone();
        damaged[damaged.length - 6] ^= 1;
        byte[] trailed = Arrays.copyOf(gzip, gzip.length + 7);
        source.on("/cut", SourceFile.of(Arrays.copyOf(gzip, gzip.length - 3)).with("Content-Encoding", "gzip"));
        source.on("/damaged", SourceFile.of(damaged).with("Content-Encoding", "gzip"));
        source.on("/trailed", SourceFile.of(trailed).with("Content-Encoding", "gzip"));
        source.on("/text", SourceFile.of(FILE).with("Content-Encoding", "gzip"));
        source.on("/br", SourceFile.of(FILE).with("Content-Encoding", "br"));

        assertFailure(failure(fetcher(), source.uri("/cut")), ErrorCode.SOURCE_TRUNCATED, true);
        for (String path : new String[] {"/damaged", "/trailed", "/text", "/br"}) {
            assertFailure(failure(fetcher(), source.uri(path)), ErrorCode.SOURCE_ENCODING_INVALID, false);
        }
    }

    @Test
    void tenMegabytesThatExpandToTenGigabytesEnd() throws IOException {
        // Given 100 members of 100 MB of zeros, about 100 kB each
        byte[] member = SourceFile.compressed(new byte[100_000_000]);
        assertThat(member.length).isBetween(90_000, 110_000);
        source.on("/a", SourceAnswer.repeated(member, 100, Map.of("Content-Encoding", "gzip")));
        long[] decoded = {0};

        FetchException failure = catchThrowableOfType(FetchException.class, () -> {
            try (Content content = (Content) fetcher().fetch(request(source.uri("/a")))) {
                byte[] buffer = new byte[64 * 1024];
                for (int n = content.body().read(buffer);
                        n >= 0;
                        n = content.body().read(buffer)) {
                    decoded[0] += n;
                }
            }
        });

        assertFailure(failure, ErrorCode.EXPANSION_LIMIT, false);
        assertThat(decoded[0]).isLessThanOrEqualTo(64L * 1024 * 1024);
    }

    // --- back-pressure and cancel

    @Test
    void aReaderThatDoesNotReadHoldsTheSourceBack() throws Exception {
        byte[] megabyte = random(1024 * 1024);
        source.on("/a", SourceAnswer.repeated(megabyte, 64, Map.of()));

        try (Content content = (Content) fetcher().fetch(request(source.uri("/a")))) {
            InputStream body = content.body();
            body.readNBytes(1000);
            // When the source has not got rid of anything for a while
            long[] last = {-1, System.nanoTime()};
            Await.until("the source is held back", SOON, () -> {
                if (source.written() != last[0]) {
                    last[0] = source.written();
                    last[1] = System.nanoTime();
                }
                return System.nanoTime() - last[1] > 500_000_000;
            });

            // Then what is ahead lies in the buffers of both sockets, which are of the operating system
            assertThat(source.written()).isLessThan(16L * 1024 * 1024);
            assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(64L * 1024 * 1024 - 1000);
        }
    }

    @Test
    void closingEndsAReadThatIsBlocked() throws Exception {
        source.on("/plain", SourceFile.of(FILE).stallingAfter(1000));
        source.on("/gzip", SourceFile.gzip(FILE).stallingAfter(1000));

        for (String path : new String[] {"/plain", "/gzip"}) {
            Content content = (Content) fetcher().fetch(request(source.uri(path)));
            FutureTask<byte[]> reading = new FutureTask<>(() -> content.body().readAllBytes());
            Thread reader = Thread.ofPlatform().start(reading);
            Await.until("the read is blocked", SOON, () -> reader.getState() == Thread.State.TIMED_WAITING);

            content.close();

            assertThatThrownBy(() -> reading.get(2, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(() -> content.body().read()).isInstanceOf(AsynchronousCloseException.class);
        }
        Await.until("the connections are let go", SOON, () -> source.lost() == 2);
    }

    @Test
    void closingEndsTheWaitForTheRest() throws Exception {
        SourceFile file = SourceFile.of(FILE).withETag("\"1\"").withRanges();
        source.on("/connecting", SourceAnswer.inTurn(file.droppingAfter(1000), SourceAnswer.silence()));
        source.on("/pausing", SourceAnswer.inTurn(file.droppingAfter(1000), SourceAnswer.hangUp()));

        for (String path : new String[] {"/connecting", "/pausing"}) {
            Content content = (Content) fetcher("resume-backoff", "1h").fetch(request(source.uri(path)));
            FutureTask<byte[]> reading = new FutureTask<>(() -> content.body().readAllBytes());
            Thread reader = Thread.ofPlatform().start(reading);
            Await.until(
                    "the rest is waited for",
                    SOON,
                    () -> source.received(path).size() == 2 && reader.getState() == Thread.State.TIMED_WAITING);

            content.close();

            assertThatThrownBy(() -> reading.get(2, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void anInterruptEndsTheWaitForAnAnswer() throws Exception {
        source.on("/a", SourceAnswer.silence());
        CompletableFuture<FetchException> ended = new CompletableFuture<>();
        Thread fetching = Thread.ofPlatform().start(() -> ended.complete(failure(fetcher(), source.uri("/a"))));
        Await.until("the answer is waited for", SOON, () -> source.received().size() == 1);

        fetching.interrupt();

        assertFailure(ended.get(2, TimeUnit.SECONDS), ErrorCode.DRAINING, true);
    }

    @Test
    void contentThatIsNotReadToItsEndLetsGoOfTheSource() throws IOException {
        source.on("/a", SourceAnswer.endless(new byte[1000]));

        ((Content) fetcher().fetch(request(source.uri("/a")))).close();

        Await.until("the connection is let go", SOON, () -> source.lost() == 1);
    }
}
