package dev.sluice.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Fetches;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceAnswer;
import dev.sluice.harness.SourceFile;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are not the table: sent or fetched, none of them replaces a version that is. */
class WrongFilesIT {
    private static final String GOOD = "id,name,day\n1,Ann,2024-01-01\n2,Bob,2024-01-02\n3,Cid,2024-01-03\n";
    private static final String SIGN_IN =
            "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>\n";

    private static Source source;
    private static Service web;
    private static Service worker;
    private static Fetches fetches;

    /**
     * @param content a byte a character
     * @param detail what the problem says of it
     */
    record WrongFile(String name, String content, String mediaType, String code, String detail) {
        WrongFile(String name, byte[] bytes, String mediaType, String code, String detail) {
            this(name, new String(bytes, ISO_8859_1), mediaType, code, detail);
        }

        byte[] bytes() {
            return content.getBytes(ISO_8859_1);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<WrongFile> files() throws IOException {
        String records = GOOD.substring(GOOD.indexOf('\n') + 1);
        String form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"t.csv\"\r\n\r\n" + GOOD
                + "\r\n--x--\r\n";
        return List.of(
                new WrongFile("form", form, "text/csv", "NOT_A_TABLE", "a form (multipart/form-data)"),
                new WrongFile("html", "<html><body>Hello</body></html>", "text/csv", "NOT_A_TABLE", "a page in HTML"),
                new WrongFile("fragment", "<p>Please sign in</p>\n", "text/html", "NOT_A_TABLE", "a page in HTML"),
                new WrongFile("sign-in", SIGN_IN, "text/html", "NOT_A_TABLE", "a page in HTML"),
                new WrongFile(
                        "pdf", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "application/pdf", "NOT_A_TABLE", "a PDF document"),
                new WrongFile(
                        "png",
                        HexFormat.of().parseHex("89504e470d0a1a0a0000000d"),
                        "image/png",
                        "NOT_A_TABLE",
                        "a PNG image"),
                new WrongFile(
                        "xml",
                        "<?xml version=\"1.0\"?>\n<rows><row>1</row></rows>\n",
                        "text/xml",
                        "NOT_A_TABLE",
                        "a document in XML"),
                new WrongFile(
                        "xlsx",
                        zip("xl/workbook.xml"),
                        "application/octet-stream",
                        "NOT_A_TABLE",
                        "an Excel workbook (XLSX)"),
                new WrongFile("zip", zip("good.csv"), "application/zip", "NOT_A_TABLE", "a ZIP archive"),
                new WrongFile("gz", gzip(), "application/gzip", "NOT_A_TABLE", "a file compressed with gzip"),
                new WrongFile(
                        "utf-16",
                        ("\uFEFF" + GOOD).getBytes(UTF_16LE),
                        "text/csv",
                        "TEXT_INVALID",
                        "UTF-16 (little-endian)"),
                new WrongFile(
                        "latin-1",
                        GOOD.replace("Ann", "Zoé").getBytes(ISO_8859_1),
                        "text/csv",
                        "TEXT_INVALID",
                        "Byte 16 (0xE9) is not UTF-8."),
                new WrongFile("json", "{\"error\": \"Not found\"}", "application/json", "NOT_A_TABLE", "JSON"),
                new WrongFile("ndjson", "{\"id\": 1}\n{\"id\": 2}\n", "application/x-ndjson", "NOT_A_TABLE", "JSON"),
                new WrongFile(
                        "no-header",
                        records,
                        "text/csv",
                        "HEADER_UNCERTAIN",
                        "The first record looks like data: 1 could be"),
                new WrongFile(
                        "title",
                        "People, as of today\n\n" + GOOD,
                        "text/csv",
                        "HEADER_UNCERTAIN",
                        "The first line has 2 fields, and 4 of the lines below have 3 fields"),
                new WrongFile(
                        "ragged",
                        "id,name,day\n" + "1,Ann\n".repeat(5) + "2\n".repeat(5),
                        "text/csv",
                        "TOO_FEW_ROWS_FIT",
                        "10 of 10 records do not fit the table."));
    }

    private static byte[] zip(String entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(GOOD.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(GOOD.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    @BeforeAll
    static void start() {
        Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.put("sluice.source.allowed-networks", "127.0.0.0/8");
        source = Source.start();
        web = Service.start("web", configuration);
        worker = Service.start("worker", configuration).awaitReady();
        web.awaitReady();
        fetches = new Fetches(web);
    }

    @AfterAll
    static void stop() {
        web.close();
        worker.close();
        source.close();
    }

    @ParameterizedTest
    @MethodSource("files")
    void uploadOfAFileThatIsNotTheTableLeavesTheVersionBefore(WrongFile file) {
        String before = loaded("sent-" + file.name());

        HttpResponse<String> answer = put("/v1/datasets/sent-" + file.name(), file.bytes(), file.mediaType());

        assertProblem(JsonPath.from(answer.body()), file);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(shown("sent-" + file.name())).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("files")
    void fetchOfAFileThatIsNotTheTableLeavesTheVersionBefore(WrongFile file) {
        String name = "fetched-" + file.name();
        String before = loaded(name);
        source.on("/file/" + name, SourceFile.of(file.bytes()).with("Content-Type", file.mediaType()));
        source.on("/" + name, SourceAnswer.redirect(302, "/file/" + name));

        String id = fetches.post(name, source.uri("/" + name));

        assertThat(fetches.ended(id)).isEqualTo("failed " + file.code());
        assertThat(fetches.view(id).getInt("attempt")).isEqualTo(1);
        assertProblem(JsonPath.from(web.get("/v1/ingests/" + id).body()).setRootPath("problem"), file);
        assertThat(shown(name)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("files")
    void sampleOfAFileThatIsNotTheTableSaysWhatAnUploadWould(WrongFile file) {
        HttpResponse<String> answer = Service.send(HttpRequest.newBuilder(web.uri("/v1/samples?complete=true"))
                .header("Content-Type", file.mediaType())
                .POST(BodyPublishers.ofByteArray(file.bytes()))
                .build());

        assertThat(answer.statusCode()).isEqualTo(422);
        assertProblem(JsonPath.from(answer.body()), file);
    }

    private static void assertProblem(JsonPath problem, WrongFile file) {
        assertThat(problem.getString("code")).isEqualTo(file.code());
        assertThat(problem.getString("detail")).contains(file.detail());
    }

    /** Loads the good file: what is then to be seen of the dataset. */
    private static String loaded(String name) {
        assertThat(put("/v1/datasets/" + name, GOOD.getBytes(UTF_8), "text/csv").statusCode())
                .isEqualTo(201);
        return shown(name);
    }

    private static String shown(String name) {
        return web.get("/v1/datasets/" + name).body()
                + web.get("/rest/v1/" + name).body();
    }

    private static HttpResponse<String> put(String path, byte[] bytes, String mediaType) {
        return Service.send(HttpRequest.newBuilder(web.uri(path))
                .header("Content-Type", mediaType)
                .PUT(BodyPublishers.ofByteArray(bytes))
                .build());
    }
}
