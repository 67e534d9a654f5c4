package dev.sluice.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Ids of events, of things in paths, and of where a page ends. */
final class IdGrammar {
    private static final List<String> PATHS = List.of(
            "GET /v1/ingests/%s",
            "GET /v1/ingests/%s/events",
            "DELETE /v1/ingests/%s",
            "GET /v1/keys/%s",
            "DELETE /v1/keys/%s",
            "DELETE /v1/sessions/%s",
            "GET /v1/datasets/%s",
            "GET /v1/datasets/%s/profile",
            "DELETE /v1/datasets/%s",
            "GET /v1/datasets/%s/versions",
            "POST /v1/datasets/%s/versions/1/restore",
            "GET /v1/datasets/fuzz/versions/%s",
            "GET /v1/datasets/fuzz/versions/%s/profile",
            "GET /v1/datasets/fuzz/versions/%s/rejects",
            "POST /v1/datasets/fuzz/versions/%s/restore",
            "GET /v1/datasets?q=%s",
            "GET /v1/ingests?state=%s",
            "GET /v1/ingests?dataset=%s",
            "GET /v1/audit?subject=%s",
            "GET /rest/v1/%s");

    private static final List<String> PAGED = List.of(
            "/v1/datasets",
            "/v1/ingests",
            "/v1/keys",
            "/v1/audit",
            "/v1/datasets/fuzz/versions",
            "/v1/datasets/fuzz/versions/1/rejects");

    private static final List<String> RIGHT = List.of(
            "GET /v1/ingests/{ingest}",
            "GET /v1/keys/{key}",
            "DELETE /v1/keys/{revoked}",
            "GET /v1/datasets?after={cursor}",
            "GET /v1/ingests?after={cursor}&state=queued",
            "GET /v1/ingests?dataset=fuzz&state=succeeded",
            "GET /v1/keys?after={cursor}",
            "GET /v1/audit?after=5&subject=fuzz",
            "GET /v1/datasets/fuzz/versions?after=2",
            "GET /v1/datasets/fuzz/versions/1");

    private static final List<String> EVENT_IDS = List.of(
            "0-0",
            "0-1",
            "1-0",
            "1700000000000-0",
            "18446744073709551615-18446744073709551615",
            "18446744073709551616-0",
            "00000000000000000001-1",
            "-",
            "$",
            ">",
            "1",
            "1-",
            "-1-1",
            "1-1-1",
            "1-*");

    private IdGrammar() {}

    static Arbitrary<Draft> drafts() {
        return Arbitraries.frequencyOf(
                Tuple.of(120, Arbitraries.of(RIGHT).map(IdGrammar::draft)),
                Tuple.of(75, events()),
                Tuple.of(100, inPaths()),
                Tuple.of(75, pages()),
                Tuple.of(15, byNarrow()));
    }

    private static Draft draft(String line) {
        String[] parts = line.split(" ", 2);
        return Draft.of(parts[0], parts[1]);
    }

    private static Arbitrary<Draft> events() {
        Arbitrary<String> id = Arbitraries.oneOf(
                Arbitraries.of(EVENT_IDS), Nasty.text().map(t -> t.replaceAll("[\\x00-\\x1f\\x7f]", "~")));
        return id.map(last -> Draft.of("GET", "/v1/ingests/{ingest}/events").with("Last-Event-ID: " + last));
    }

    private static Arbitrary<Draft> inPaths() {
        Arbitrary<String> id = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.of("{ingest}", "{key}", "{revoked}", "{session}", "other", "1", "2")),
                Tuple.of(
                        1,
                        Arbitraries.of("{ingest}", "{revoked}", "1-1-1-1-1", "gone", "1")
                                .flatMap(id1 -> Nasty.text().map(n -> id1 + Nasty.encoded(n)))),
                Tuple.of(3, Nasty.text().map(Nasty::encoded)));
        return Combinators.combine(Arbitraries.of(PATHS), id)
                .as((path, i) -> path.replace("%s", i))
                .filter(line -> !line.startsWith("DELETE /v1/keys/{key}"))
                .map(IdGrammar::draft);
    }

    private static Arbitrary<Draft> pages() {
        Arbitrary<String> time = Arbitraries.of(
                "2024-01-01T00:00:00Z",
                "9999-01-01T00:00:00Z",
                "-1000000000-01-01T00:00:00Z",
                "1970-01-01T00:00:00.000000001Z",
                "");
        Arbitrary<String> id =
                Arbitraries.oneOf(Arbitraries.of("0-0-0-0-0", "ffffffff-ffff-ffff-ffff-ffffffffffff"), Nasty.text());
        Arbitrary<String> cursor = Combinators.combine(time, id).as((at, i) -> encoded(at + " " + i));
        Arbitrary<String> number = Arbitraries.longs().map(n -> Long.toString(n));
        Arbitrary<String> rejects =
                Combinators.combine(number, number, number).as((a, b, c) -> encoded(a + " " + b + " " + c));
        Arbitrary<String> any =
                Arbitraries.oneOf(cursor, number, rejects, Nasty.text().map(Nasty::encoded));
        return Combinators.combine(Arbitraries.of(PAGED), any)
                .as((path, after) -> Draft.of("GET", path + "?after=" + after));
    }

    /** As cursors are. */
    private static String encoded(String bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.getBytes(ISO_8859_1));
    }

    /** Names that nearly match the pattern of a key, and do so in many ways. */
    private static Arbitrary<Draft> byNarrow() {
        return Arbitraries.of("fuzz", "fuzz", "fuzz", "fuzz", "f".repeat(5000), "aaab", "a".repeat(1000) + "b")
                .map(name -> Draft.of("GET", "/v1/datasets/" + name).by(Credential.NARROW));
    }
}
