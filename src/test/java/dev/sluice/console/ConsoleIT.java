package dev.sluice.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.harness.Browser;
import dev.sluice.harness.Browser.Loaded;
import dev.sluice.harness.Client;
import dev.sluice.harness.Endpoint;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Shared;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console as it was built: what a browser gets of it, and how much that is. */
class ConsoleIT {
    /** Of all of it, compressed, what is loaded later too. */
    private static final int LARGEST = 150_000;

    private static final String RESOURCES = "META-INF/resources";
    private static final Pattern FINGERPRINTED = Pattern.compile("/static/bundle/.*-[A-Z0-9]{8}\\.\\w+");
    private static final Pattern INLINE = Pattern.compile(
            "(?i)<style|\\sstyle\\s*=|\\son\\w+\\s*=|javascript:|<script(?![^>]*\\ssrc=)|<script[^>]*>[^<]*\\S[^<]*</script");

    private static Map<String, Loaded> files;

    @BeforeAll
    static void load() {
        files = Browser.load(Shared.service(), "/");
    }

    private static Loaded page() {
        return files.get("/");
    }

    @Test
    void allOfItIsThere() {
        assertThat(files).hasSizeGreaterThan(3);
        assertThat(files).allSatisfy((path, file) -> {
            assertThat(file.answer().statusCode()).isEqualTo(200);
            assertThat(file.header("Content-Encoding")).isEqualTo("gzip");
        });
        assertThat(files.values())
                .extracting(Loaded::mediaType)
                .contains("text/html", "text/javascript", "text/css", "image/svg+xml");
    }

    @Test
    void whatWasBuiltIsWhatABrowserLoads() throws IOException {
        Path jar = Path.of("target/quarkus-app/quarkus/generated-bytecode.jar");
        assumeTrue(Files.exists(jar), "SKIPPED: what was built is a native executable");
        List<String> built;
        try (JarFile file = new JarFile(jar.toFile())) {
            built = file.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith(RESOURCES))
                    .map(name -> name.substring(RESOURCES.length()).replaceFirst("^/index.html$", "/"))
                    .toList();
        }

        assertThat(new TreeSet<>(files.keySet())).isEqualTo(new TreeSet<>(built));
    }

    @Test
    void itIsSmall() {
        int size = files.values().stream().mapToInt(Loaded::size).sum();

        assertThat(size).as("bytes of %s", files.keySet()).isLessThan(LARGEST);
    }

    @Test
    void nothingComesFromElsewhere() {
        assertThat(files)
                .allSatisfy((path, file) -> assertThat(file.links())
                        .allSatisfy(link -> assertThat(link).matches("\\.{0,2}/(?!/).*")));
        assertThat(page().text()).doesNotContain("<base", "http-equiv");
    }

    @Test
    void scriptsAndStylesAreFiles() {
        assertThat(page().text()).doesNotContainPattern(INLINE);
    }

    @Test
    void everyFileHasTheHeadersThatKeepBrowsersFromHarm() {
        assertThat(files).allSatisfy((path, file) -> {
            assertThat(file.header("Content-Security-Policy"))
                    .contains("default-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
        });
    }

    @Test
    void whatHasAFingerprintIsKeptForEver() {
        assertThat(files).allSatisfy((path, file) -> {
            if (path.equals("/")) {
                assertThat(file.header("Cache-Control")).isEqualTo("no-cache");
            } else if (List.of("text/javascript", "text/css").contains(file.mediaType())) {
                assertThat(path).matches(FINGERPRINTED);
            }
            if (FINGERPRINTED.matcher(path).matches()) {
                assertThat(file.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
            } else {
                assertThat(file.header("Cache-Control")).doesNotContain("immutable");
            }
        });
    }

    @Test
    void whatABrowserHasIsNotSentAgain() {
        files.forEach((path, file) -> {
            HttpResponse<String> again = send(request(path, "If-None-Match", file.header("ETag")));

            assertThat(again.statusCode()).as(path).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.headers().firstValue("Cache-Control")).contains(file.header("Cache-Control"));
            assertThat(send(request(path, "If-None-Match", "\"another\"")).statusCode())
                    .isEqualTo(200);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|true",
                "br, gzip;q=0.5|true",
                "GZIP ; Q=1.0|true",
                "gzip;q=0.001|true",
                "x-gzip|true",
                "gzip;q=0|false",
                "br, gzip; q=0.000|false",
                "br|false",
                "gzipped|false",
                "identity|false",
                ",|false"
            })
    void whoTakesItCompressedGetsItCompressed(String accepted, boolean compressed) {
        HttpResponse<String> answer = send(request("/", "Accept-Encoding", accepted));

        assertThat(answer.headers().firstValue("Content-Encoding").isPresent()).isEqualTo(compressed);
        assertThat(answer.headers().firstValue("Vary"))
                .hasValueSatisfying(v -> assertThat(v).isEqualToIgnoringCase("Accept-Encoding"));
    }

    @Test
    void whoDoesNotGetsTheSame() {
        files.forEach((path, file) ->
                assertThat(Shared.service().get(path).body()).as(path).isEqualTo(file.text()));
    }

    @Test
    void headSaysWhatGetWouldSend() {
        String answer = exchange("HEAD / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close");

        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-type: text/html; charset=utf-8")
                .containsIgnoringCase("content-length: " + page().size())
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/app",
                "/static",
                "/static/",
                "/static/bundle",
                "/static/bundle/",
                "/static/bundle/app-00000000.js",
                "/static/bundle/..%2f..%2findex.html",
                "/static/..%2f..%2fapplication.properties",
                "/static/%2e%2e/%2e%2e/application.properties",
                "/..%5c..%5capplication.properties",
                "/%2e%2e%2fapplication.properties",
                "/META-INF/resources/index.html",
                "/web/app/console.ts",
                "/index.html/",
                "/index.html%00",
                "/sluice.svg%3f",
                "/%c0%af",
                "/application.properties"
            })
    void nothingElseIsFound(String path) {
        String answer = exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close");

        assertThat(answer).matches("(?s)HTTP/1.1 4.*").containsIgnoringCase("content-type: application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void itIsNotWrittenTo(String method) {
        for (String path : files.keySet()) {
            String answer = exchange(
                    method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close");

            assertThat(answer)
                    .matches("(?s)HTTP/1.1 40[45].*")
                    .containsIgnoringCase("content-type: application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Range: bytes=0-1",
                "Range: bytes=999999-",
                "Range: nonsense",
                "If-None-Match: ,,\"",
                "If-Modified-Since: nonsense",
                "Accept: application/json",
                "Accept: nonsense",
                "Accept-Encoding: ;;,gzip;q=x,\"",
                "Content-Length: 3\r\n\r\nabc"
            })
    void noHeaderKeepsItFromAnswering(String header) {
        assertThat(exchange("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void aWorkerServesNoneOfIt() {
        Map<String, String> configuration = Servers.migratedDatabase();
        try (Service worker = Service.start("worker", configuration).awaitReady()) {
            List<String> paths = new ArrayList<>(files.keySet());
            paths.add("/index.html");
            for (String path : paths) {
                HttpResponse<String> answer = worker.get(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(404);
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
                assertThat(answer.body()).contains("\"code\":\"NOT_FOUND\"");
            }
        }
    }

    private static HttpRequest request(String path, String header, String value) {
        return HttpRequest.newBuilder(Shared.service().uri(path))
                .header(header, value)
                .build();
    }

    private static HttpResponse<String> send(HttpRequest request) {
        return Service.send(request);
    }

    private static String exchange(String request) {
        Endpoint service = Shared.service();
        try (Client client = Client.to(service)) {
            return client.send((request + "\r\n\r\n").getBytes(UTF_8)).readAll();
        }
    }
}
