package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.NodePackage;
import dev.sluice.harness.Shared;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are sent in a form, as {@code curl -F}, browsers and Python's {@code requests} send them. */
class FormIT {
    private static final String CONTENT = "id,name,price\n1,a,2.50\n2,b,3.00\n";
    private static final String FILE =
            "Content-Disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\n" + "Content-Type: text/csv\r\n\r\n";
    private static final String FIELD = "Content-Disposition: form-data; name=\"note\"\r\n\r\n";

    private static String form(String... parts) {
        StringBuilder form = new StringBuilder();
        for (String part : parts) {
            form.append("--b\r\n").append(part).append("\r\n");
        }
        return form.append("--b--\r\n").toString();
    }

    private static String send(String method, String target, String form) {
        return send(method, target, form, form.length());
    }

    private static String send(String method, String target, String form, int length) {
        try (Client client = Client.to(Shared.service())) {
            client.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + length + "\r\n\r\n");
            return client.send(form).readAll();
        }
    }

    private static String put(String name, String... parts) {
        return send("PUT", "/v1/datasets/" + name, form(parts));
    }

    private static void assertRefused(String answer, int status, String code, String name) {
        assertThat(answer).startsWith("HTTP/1.1 " + status).contains("application/problem+json", '"' + code + '"');
        assertThat(Api.get("/v1/datasets/" + name).jsonPath().getInt("version")).isEqualTo(1);
        assertThat(Api.source(name)).isEqualTo("a\n1\n");
    }

    private static String good() {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);
        return name;
    }

    // --- curl

    @TempDir
    Path files;

    private String curl(String target, String... arguments) throws IOException {
        assumeThat(NodePackage.version("curl")).as("curl").isNotEmpty();
        List<String> command = new ArrayList<>(List.of("curl", "-s"));
        command.addAll(List.of(arguments));
        command.add(Shared.service().uri(target).toString());
        Process curl = new ProcessBuilder(command).directory(files.toFile()).start();
        return new String(curl.getInputStream().readAllBytes(), UTF_8);
    }

    @Test
    void curlSendsAFileAsAForm() throws IOException {
        byte[] table = Tables.file("zipcodes.csv");
        Files.write(files.resolve("x.csv"), table);
        String name = Api.newName();

        JsonPath view = JsonPath.from(curl("/v1/datasets/" + name, "-X", "PUT", "-F", "note=x", "-F", "file=@x.csv"));

        assertThat(view.getLong("bytes")).isEqualTo(table.length);
        assertThat(Tables.cells(Api.source(name), ',')).isEqualTo(Tables.cells(table, ','));
        Api.put(name, table, Map.of()).then().statusCode(200);
        assertThat(Api.get("/v1/datasets/" + name).jsonPath().getInt("version"))
                .as("the same file, sent plainly, is unchanged")
                .isEqualTo(1);
        assertThat(Api.get("/v1/ingests?dataset=" + name).jsonPath().getList("items.state"))
                .containsExactly("unchanged", "succeeded");
    }

    @Test
    void curlSendsAFormAsASample() throws IOException {
        Files.writeString(files.resolve("x.csv"), CONTENT);

        JsonPath sample = JsonPath.from(curl("/v1/samples?complete=true", "-F", "file=@x.csv"));

        assertThat(sample.getList("columns.name")).containsExactly("id", "name", "price");
    }

    @Test
    void whatCurlSaysOfABodyWithoutAFormIsNotTakenForOne() throws IOException {
        Files.writeString(files.resolve("x.csv"), CONTENT);
        String name = Api.newName();

        curl("/v1/datasets/" + name, "-X", "PUT", "--data-binary", "@x.csv");

        assertThat(Api.source(name)).isEqualTo(CONTENT);
    }

    // --- what is refused

    @Test
    void aFormWithoutOneFileIsRefusedAndPublishesNothing() {
        String name = good();
        String large = "1,text\n".repeat(300_000);

        assertRefused(put(name, FILE + CONTENT, FILE + CONTENT), 422, "FORM_INVALID", name);
        assertRefused(put(name, FILE + "a,b\n" + large, FIELD + "x", FILE + CONTENT), 422, "FORM_INVALID", name);
        assertRefused(put(name, FIELD + CONTENT), 422, "FORM_INVALID", name);
        assertThat(Api.get("/v1/ingests?dataset=" + name).jsonPath().getList("items.state"))
                .containsExactly("failed", "failed", "failed", "succeeded");
    }

    @Test
    void aFormThatIsDamagedIsRefused() {
        String name = good();
        String target = "/v1/datasets/" + name;
        String form = form(FILE + CONTENT);

        assertRefused(put(name, FILE), 422, "BODY_EMPTY", name);
        assertRefused(send("PUT", target, form.substring(0, form.length() - 5)), 400, "BODY_INCOMPLETE", name);
        assertRefused(put(name, FILE + CONTENT, "no header\r\n\r\n"), 400, "REQUEST_INVALID", name);
        assertRefused(put(name, FIELD + "x".repeat(200_000), FILE + CONTENT), 413, "BODY_TOO_LARGE", name);
        assertRefused(put(name, FILE + CONTENT, FIELD + "x".repeat(200_000)), 413, "BODY_TOO_LARGE", name);
    }

    @Test
    void aFormIsAsLongAsItWasAnnounced() throws IOException {
        String name = good();
        String form = form(FILE + CONTENT);
        try (Client client = Client.to(Shared.service())) {
            client.send("PUT /v1/datasets/" + name + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + (form.length() + 1)
                    + "\r\n\r\n" + form);
            // A client that is gone before its request is looked at has no ingest.
            awaitStates(name, List.of("running", "succeeded"));
        }
        awaitStates(name, List.of("failed", "succeeded"));
        assertThat(Api.source(name)).isEqualTo("a\n1\n");
    }

    /** Waits until the ingests of a dataset, the newest first, are in these states. */
    private static void awaitStates(String name, List<String> states) {
        Await.until(
                "its ingests are " + states,
                Duration.ofSeconds(60),
                () -> Api.get("/v1/ingests?dataset=" + name)
                        .jsonPath()
                        .getList("items.state")
                        .equals(states));
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data", "multipart/mixed; boundary=b"})
    void aContentTypeThatNamesNoFormIsRefusedBeforeTheBodyIsRead(String type) {
        String name = good();
        try (Client client = Client.to(Shared.service())) {
            client.send("PUT /v1/datasets/" + name + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                    + "\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\n");
            assertThat(client.read(12)).isEqualTo("HTTP/1.1 " + (type.contains("mixed") ? 415 : 400));
        }
        assertThat(Api.get("/v1/ingests?dataset=" + name).jsonPath().getList("items"))
                .hasSize(1);
    }

    @Test
    void aSampleOfAFormIsHeldToTheSame() {
        String target = "/v1/samples?complete=true";

        assertThat(send("POST", target, form(FILE + CONTENT))).startsWith("HTTP/1.1 200");
        assertThat(send("POST", target, form(FILE + CONTENT, FILE + CONTENT))).contains("FORM_INVALID");
        assertThat(send("POST", target, form(FIELD + CONTENT))).contains("FORM_INVALID");
        String most = "a\n" + "1\n".repeat((1024 * 1024 - 2) / 2);
        assertThat(send("POST", target, form(FILE + most))).startsWith("HTTP/1.1 200");
        assertThat(send("POST", target, form(FILE + most + "1"))).contains("BODY_TOO_LARGE");
    }
}
