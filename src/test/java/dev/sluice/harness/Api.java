package dev.sluice.harness;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.restassured.config.DecoderConfig;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The API as a client calls it. Where it is reached is said here alone. */
public final class Api {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final RestAssuredConfig CONFIG = RestAssuredConfig.config()
            .encoderConfig(EncoderConfig.encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false))
            .decoderConfig(DecoderConfig.decoderConfig().defaultContentCharset(UTF_8));

    private Api() {}

    public static URI base() {
        return Shared.service().uri("");
    }

    /** A name no other test uses. */
    public static String newName() {
        return "set-" + NAMES.incrementAndGet();
    }

    private static RequestSpecification request() {
        return given().config(CONFIG).baseUri(base().toString()).urlEncodingEnabled(true);
    }

    public static Response put(String name, String content) {
        return put(name, content.getBytes(UTF_8), Map.of());
    }

    public static Response put(String name, byte[] content, Map<String, ?> options) {
        return request()
                .contentType("application/octet-stream")
                .queryParams(options)
                .body(content)
                .put("/v1/datasets/" + name);
    }

    /** Asks what a load would make of the beginning of a file. */
    public static Response sample(byte[] content, Map<String, ?> options) {
        return request()
                .contentType("application/octet-stream")
                .queryParams(options)
                .body(content)
                .post("/v1/samples");
    }

    public static Response get(String path, Map<String, String> headers) {
        return request().headers(headers).get(path);
    }

    public static Response get(String path) {
        return request().get(path);
    }

    /** Datasets with a text in their name or title. */
    public static Response search(String text) {
        return request().queryParam("q", text).get("/v1/datasets");
    }

    public static Response rows(String name, Map<String, ?> query) {
        return request().queryParams(query).get("/rest/v1/" + name);
    }

    public static Response csv(String name) {
        return request().accept("text/csv").get("/rest/v1/" + name);
    }

    /** The rows as the source wrote them. */
    public static String source(String name) {
        return request()
                .accept("text/csv")
                .header("Prefer", "rendering=source")
                .get("/rest/v1/" + name)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    public static Response patch(String path, String json) {
        return request().contentType("application/merge-patch+json").body(json).patch(path);
    }

    public static Response delete(String path) {
        return request().delete(path);
    }
}
