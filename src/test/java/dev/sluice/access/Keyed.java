package dev.sluice.access;

import static io.restassured.RestAssured.given;

import dev.sluice.harness.Endpoint;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;

/** Requests of who has a key, to processes that want one. */
final class Keyed {
    /** That the processes are started with. */
    static final String ADMIN = "the-first-key-of-this-test-0123456789";

    private Keyed() {}

    /** What makes a process want keys. */
    static Map<String, String> mode(Map<String, String> configuration) {
        Map<String, String> keyed = new HashMap<>(configuration);
        keyed.put("sluice.access.mode", "keys");
        keyed.put("sluice.access.bootstrap-key", ADMIN);
        return keyed;
    }

    static RequestSpecification at(Endpoint service) {
        return given().baseUri(service.uri("").toString());
    }

    static RequestSpecification with(String key, Endpoint service) {
        return at(service).header("Authorization", "Bearer " + key);
    }

    /** Makes a key; the JSON says what it may do. */
    static Response make(Endpoint service, String json) {
        return with(ADMIN, service).contentType("application/json").body(json).post("/v1/keys");
    }

    /** The secret of a new key. */
    static String key(Endpoint service, String scope, String... datasets) {
        String patterns = datasets.length == 0 ? "" : ",\"datasets\":[\"" + String.join("\",\"", datasets) + "\"]";
        return make(service, "{\"name\":\"a key\",\"scopes\":[\"" + scope + "\"]" + patterns + "}")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
    }

    static Response signIn(Endpoint service, String key) {
        return at(service)
                .contentType("application/json")
                .body("{\"key\":\"" + key + "\"}")
                .post("/v1/sessions");
    }

    /** The secret of a new session. */
    static String session(Endpoint service, String key) {
        return signIn(service, key).then().statusCode(201).extract().cookie("sluice_session");
    }

    static RequestSpecification by(String session, Endpoint service) {
        return at(service).cookie("sluice_session", session);
    }

    /** As a page of our own does it, in a browser. */
    static RequestSpecification pageBy(String session, Endpoint service) {
        return by(session, service).header("Sec-Fetch-Site", "same-origin");
    }
}
