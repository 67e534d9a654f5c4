package dev.sluice.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Loads a page with all that it loads, and may load later, as a browser does: compressed. */
public final class Browser {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Map<String, Pattern> LINKS = Map.of(
            "text/html", Pattern.compile("\\s(?:src|href)\\s*=\\s*[\"']?([^\"'\\s>]+)"),
            "text/javascript",
                    Pattern.compile(
                            "(?:\\bimport\\s*\\(?|\\bfrom)\\s*[\"'`]((?:\\.{0,2}/|\\w+:)[^\"'`\\s]+)[\"'`]|[\"'`](/static/[^\"'`]+)[\"'`]"),
            "text/css", Pattern.compile("(?:url\\(\\s*[\"']?|@import\\s*[\"'])(?!data:)([^\"')]+)"));

    private Browser() {}

    /** What was answered to a request for one file. */
    public record Loaded(HttpResponse<byte[]> answer) {
        /** A header, or nothing. */
        public String header(String name) {
            return answer.headers().firstValue(name).orElse("");
        }

        /** Without its parameters. */
        public String mediaType() {
            return header("Content-Type").split(";", 2)[0];
        }

        /** How much went over the network. */
        public int size() {
            return answer.body().length;
        }

        /** What it is when it is not compressed. */
        public String text() {
            InputStream body = new ByteArrayInputStream(answer.body());
            try (InputStream in = header("Content-Encoding").equals("gzip") ? new GZIPInputStream(body) : body) {
                return new String(in.readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What it names to be loaded, as it names it. */
        public List<String> links() {
            return Optional.ofNullable(LINKS.get(mediaType())).stream()
                    .flatMap(pattern -> pattern.matcher(text()).results())
                    .map(link -> link.group(1) == null ? link.group(2) : link.group(1))
                    .toList();
        }
    }

    /** The files by their paths, the page first. What is on another host is not loaded. */
    public static Map<String, Loaded> load(Endpoint service, String page) {
        Map<String, Loaded> files = new LinkedHashMap<>();
        Deque<URI> named = new ArrayDeque<>(List.of(service.uri(page)));
        while (!named.isEmpty()) {
            URI uri = named.remove();
            if (!service.uri("").getAuthority().equals(uri.getAuthority()) || files.containsKey(uri.getPath())) {
                continue;
            }
            Loaded file = new Loaded(get(HttpRequest.newBuilder(uri)
                    .header("Accept-Encoding", "gzip, deflate, br, zstd")
                    .build()));
            files.put(uri.getPath(), file);
            file.links().forEach(link -> named.add(uri.resolve(link)));
        }
        return files;
    }

    private static HttpResponse<byte[]> get(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
