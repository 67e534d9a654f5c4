package dev.sluice.console;

import dev.sluice.platform.ETags;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** One file of the console, as it is and compressed. Both are sent again and again, and written to by nobody. */
record Asset(String mediaType, String caching, String etag, Buffer plain, Buffer compressed) {
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String FOR_AN_HOUR = "public, max-age=3600";
    private static final String IF_UNCHANGED = "no-cache";

    /** As esbuild names what it makes: with a hash of the content. */
    private static final Pattern FINGERPRINTED = Pattern.compile("/static/bundle/.*-[A-Z0-9]{8}\\.\\w+");

    /** An item of Accept-Encoding (RFC 9110, section 12.5.3), but for a weight of nought. */
    private static final Pattern GZIP = Pattern.compile("(?i)(?:x-)?gzip(?:\\s*;(?!\\s*q=0(?:\\.0*)?$).*)?");

    static Asset of(String path, byte[] content) {
        return new Asset(
                mediaType(path),
                caching(path),
                '"' + HexFormat.of().formatHex(sha256().digest(content), 0, 16) + '"',
                Buffer.buffer(content),
                Buffer.buffer(compress(content)));
    }

    private static String mediaType(String path) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("Nobody has said what media type this has: " + path);
        };
    }

    private static String caching(String path) {
        if (path.endsWith(".html")) {
            return IF_UNCHANGED;
        }
        return FINGERPRINTED.matcher(path).matches() ? FOR_EVER : FOR_AN_HOUR;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] compress(byte[] content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(content.length);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    /** Whether it is text that can name other assets. */
    boolean isText() {
        return mediaType.startsWith("text/");
    }

    void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        // Weak: it stands for the content, compressed or not.
        response.putHeader(HttpHeaders.ETAG, "W/" + etag)
                .putHeader(HttpHeaders.CACHE_CONTROL, caching)
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (ETags.matchWeakly(request.headers().getAll(HttpHeaders.IF_NONE_MATCH), etag)) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, mediaType);
        Buffer body = plain;
        if (acceptsGzip(request.headers())) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            body = compressed;
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                    .end();
        } else {
            response.end(body);
        }
    }

    private static boolean acceptsGzip(MultiMap headers) {
        return headers.getAll(HttpHeaders.ACCEPT_ENCODING).stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::strip)
                .anyMatch(item -> GZIP.matcher(item).matches());
    }
}
