package dev.sluice.fuzz;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Options of uploads and samples, with small files that are as odd, some of them in forms. */
final class UploadGrammar {
    private static final List<String> RIGHT = List.of(
            "format=csv",
            "format=tsv",
            "delimiter=,",
            "delimiter=%3B",
            "delimiter=tab",
            "delimiter=%7C",
            "quote='",
            "header=true",
            "encoding=UTF-8",
            "maxRejects=0",
            "maxRejects=10000",
            "onBadRow=reject",
            "onBadRow=fail",
            "types=a:text",
            "types=a:bigint,b:numeric",
            "types=a:date,b:timestamp",
            "types=b:boolean",
            "index=a",
            "index=a,b",
            "dateOrder=dmy",
            "dateOrder=ymd");

    private static final List<String> SAMPLES = List.of("complete=true", "complete=false", "complete=x");

    private static final List<String> NAMES = List.of(
            "format",
            "delimiter",
            "quote",
            "header",
            "encoding",
            "null",
            "trim",
            "maxRejects",
            "onBadRow",
            "types",
            "index",
            "dateOrder",
            "");

    private static final List<String> TYPES = List.of(
            "bigint",
            "numeric",
            "double",
            "boolean",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "uuid",
            "json",
            "text",
            "TEXT",
            "",
            "x");

    private static final List<String> FILES = List.of(
            "a,b\n1,2\n3,4\n",
            "a,b\r\n1,2\r\n\"x\"\"y\",\"3\r\n4\"\r\n",
            "a\tb\n1\t2\n",
            "a;b\n1,5;2.5\n",
            "a|b\n1|2\n",
            "a,b\n31.12.2024,12:00\n01.02.2024,\n",
            "a,b\n2024-01-31,2024-01-31T12:00:00.123456Z\n",
            "a,b\ntrue,1e400\nfalse,-0.0\n",
            "a,b\n00501,{\"x\":[1]}\n,null\n",
            "a,b\n1\n1,2,3\n4,5\n",
            Draft.bytes("\ufeffa,b\né,😀\n\u202e,\ufeff\n"),
            "a,a,,b\n1,2,3,4\n",
            "a\n",
            "a",
            "\n\n\n",
            "");

    private static final List<String> FORMS = List.of(
            "multipart/form-data; boundary=b",
            "multipart/form-data; boundary=\"b\"",
            "multipart/form-data; boundary=c",
            "multipart/form-data",
            "multipart/mixed; boundary=b");

    private static final List<String> PART_HEADERS = List.of(
            "Content-Disposition: form-data; name=\"f\"; filename=\"x.csv\"",
            "Content-Disposition: form-data; name=\"f\"; filename=\"x.csv\"\r\nContent-Type: text/csv",
            "Content-Disposition: form-data; name=\"n\"",
            "Content-Disposition: form-data; name=\"f\"; filename*=UTF-8''%ff%",
            "Content-Disposition: form-data; filename=\"\\",
            "Content-Disposition",
            "");

    private UploadGrammar() {}

    static Arbitrary<Draft> drafts() {
        Arbitrary<Draft> plain = Arbitraries.frequencyOf(Tuple.of(3, uploads()), Tuple.of(1, samples()));
        return Arbitraries.frequencyOf(Tuple.of(4, plain), Tuple.of(1, plain.flatMap(UploadGrammar::form)));
    }

    /** The same file as a part among others, not always as it should be. */
    private static Arbitrary<Draft> form(Draft plain) {
        Arbitrary<String> part = Combinators.combine(
                        Arbitraries.of(PART_HEADERS), Arbitraries.of(plain.body(), "x", "--b--"))
                .as((headers, content) -> "--b\r\n" + headers + "\r\n\r\n" + content + "\r\n");
        Arbitrary<String> end = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of("--b--\r\n")), Tuple.of(1, Arbitraries.of("", "--b", "--bx", "--b--x")));
        return Combinators.combine(part.list().ofMaxSize(3), end, Arbitraries.of(FORMS))
                .as((parts, last, type) -> plain.with("Content-Type: " + type).body(String.join("", parts) + last));
    }

    private static Arbitrary<Draft> uploads() {
        Arbitrary<String> name = Arbitraries.frequencyOf(
                Tuple.of(12, Arbitraries.of("up-1", "up-2", "up-3", "up-4", "up-5", "up-6")),
                Tuple.of(1, Nasty.text().map(Nasty::encoded)));
        return Combinators.combine(
                        name,
                        options(RIGHT),
                        files(),
                        Arbitraries.of(Credential.ADMIN, Credential.WRITER, Credential.SESSION))
                .as((n, asked, body, by) ->
                        Draft.of("PUT", "/v1/datasets/" + n + asked).by(by).body(body));
    }

    /** Files that end anywhere. */
    private static Arbitrary<Draft> samples() {
        List<String> right = Stream.concat(RIGHT.stream(), SAMPLES.stream()).toList();
        Arbitrary<String> cut = files().flatMap(
                        file -> Arbitraries.integers().between(0, file.length()).map(end -> file.substring(0, end)));
        return Combinators.combine(options(right), cut, Arbitraries.of(Credential.WRITER, Credential.SESSION))
                .as((asked, body, by) ->
                        Draft.of("POST", "/v1/samples" + asked).by(by).body(body));
    }

    private static Arbitrary<String> files() {
        return Arbitraries.frequencyOf(Tuple.of(5, Arbitraries.of(FILES)), Tuple.of(2, table()));
    }

    private static Arbitrary<String> options(List<String> right) {
        Arbitrary<String> odd = Combinators.combine(Arbitraries.of(NAMES), Nasty.text())
                .as((name, value) -> name + "=" + Nasty.encoded(value));
        Arbitrary<String> some =
                Arbitraries.frequencyOf(Tuple.of(6, Arbitraries.of(right)), Tuple.of(2, types()), Tuple.of(1, odd));
        return some.list()
                .uniqueElements(option -> option.split("=", 2)[0])
                .ofMaxSize(2)
                .map(all -> all.isEmpty() ? "" : "?" + String.join("&", all));
    }

    private static Arbitrary<String> types() {
        Arbitrary<String> column =
                Arbitraries.frequencyOf(Tuple.of(5, Arbitraries.of("a", "b")), Tuple.of(1, Nasty.text()));
        return Combinators.combine(column, Arbitraries.of(TYPES))
                .as((c, type) -> c + ":" + type)
                .list()
                .ofMaxSize(3)
                .map(all -> "types=" + Nasty.encoded(String.join(",", all)));
    }

    /** Cells that are hard to read, quoted or not. */
    private static Arbitrary<String> table() {
        Arbitrary<Boolean> quoted = Arbitraries.of(true, false);
        Arbitrary<String> cell = Combinators.combine(Nasty.text(), quoted)
                .as((text, q) -> q ? "\"" + text.replace("\"", "\"\"") + "\"" : text);
        Arbitrary<String> row = cell.list().ofMinSize(2).ofMaxSize(2).map(cells -> String.join(",", cells));
        return row.list().ofMaxSize(12).map(rows -> "a,b\n" + String.join("\n", rows));
    }
}
