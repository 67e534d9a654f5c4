package dev.sluice.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.util.List;
import java.util.regex.Matcher;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** JSON documents. */
final class JsonGrammar {
    private static final Draft SIGN_IN = Draft.of("POST", "/v1/sessions").by(Credential.NONE);
    private static final Draft KEY = Draft.of("POST", "/v1/keys");
    private static final Draft STATE =
            Draft.of("PUT", "/v1/sessions/current/state").by(Credential.SESSION);
    private static final Draft PATCH = Draft.of("PATCH", "/v1/datasets/fuzz").by(Credential.WRITER);
    private static final Draft FETCH =
            Draft.of("POST", "/v1/datasets/fetched/ingests").by(Credential.WRITER);

    private static final List<Draft> RIGHT = List.of(
            SIGN_IN.json("{\"key\":\"{spare}\"}"),
            KEY.json(
                    "{\"name\":\"n\",\"scopes\":[\"read\",\"write\"],\"datasets\":[\"a*\",\"b\"],\"expiresAt\":\"2999-01-31T00:00:00Z\"}"),
            KEY.json("{\"name\":\"n\",\"scopes\":[\"admin\"],\"datasets\":[],\"expiresAt\":null}"),
            STATE.json("{\"a\":[1,null,\"x\"]}"),
            STATE.json("[[],{},1.5e300,true]"),
            STATE.json("\"x\"").with("If-Match: *"),
            PATCH.json("{\"title\":\"t\",\"description\":\"d\",\"keepVersions\":3}"),
            PATCH.json("{\"title\":null}"),
            FETCH.json("{\"url\":\"{source}\",\"options\":{\"delimiter\":\",\",\"maxRejects\":5,\"header\":true}}"),
            FETCH.json("{\"url\":\"http://127.0.0.1:1/x\"}"));

    private static final List<String> FIELDS = List.of(
            "key",
            "name",
            "scopes",
            "datasets",
            "expiresAt",
            "title",
            "description",
            "keepVersions",
            "url",
            "options",
            "",
            "x");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-0",
            "1e400",
            "-1",
            "2147483648",
            "123456789012345678901234567890",
            "1.0",
            "\"\"",
            "\"n\"",
            "\"read\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00x\"",
            "\"\\ud83d\\ude00\"",
            "\"a*b*c*d*\"",
            "\"9999-12-30T23:59:59.999999999Z\"",
            "\"+1000000000-12-31T23:59:59Z\"",
            "\"http://user:p%40ss@127.0.0.1:1/\"",
            "\"http://[::1%25lo]:1/\"",
            "\"http://127.0.0.1:99999/\"",
            "\"http://2130706433:1/\"",
            "\"file:///etc/hosts\"",
            "\"http:///\"",
            "\"http://a..invalid/{}|\"",
            "[]",
            "[null]",
            "[\"read\"]",
            "[\"*\",\"\"]",
            "{}",
            "{\"delimiter\":\"\"}",
            "{\"types\":\"a:\\u0000\"}");

    private JsonGrammar() {}

    static Arbitrary<Draft> drafts() {
        Arbitrary<Draft> odd = Combinators.combine(Arbitraries.of(SIGN_IN, KEY, STATE, PATCH, FETCH), documents())
                .as(Draft::json);
        return Arbitraries.frequencyOf(Tuple.of(5, Arbitraries.of(RIGHT)), Tuple.of(3, changed()), Tuple.of(3, odd));
    }

    /** A right document with one value in place of another. */
    private static Arbitrary<Draft> changed() {
        return Combinators.combine(
                        Arbitraries.of(RIGHT), value(), Arbitraries.integers().between(0, 4))
                .as((draft, value, which) -> {
                    String[] parts = draft.body().split("(?<=:)", -1);
                    int i = Math.min(which, parts.length - 1);
                    parts[i] = parts[i].replaceFirst(
                            "^(\"[^\"]*\"|\\[[^]]*\\]|[^,{}\\[\\]\"]+)", Matcher.quoteReplacement(value));
                    return draft.body(String.join("", parts));
                });
    }

    private static Arbitrary<String> value() {
        Arbitrary<String> text = Nasty.text()
                .map(t -> "\"" + t.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("[\\x00-\\x1f]", "~") + "\"");
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(VALUES)), Tuple.of(2, text), Tuple.of(1, Nasty.text()));
    }

    private static Arbitrary<String> documents() {
        Arbitrary<String> member =
                Combinators.combine(Arbitraries.of(FIELDS), value()).as((field, value) -> "\"" + field + "\":" + value);
        Arbitrary<String> object = member.list().ofMaxSize(5).map(all -> "{" + String.join(",", all) + "}");
        return Arbitraries.frequencyOf(
                Tuple.of(4, object),
                Tuple.of(2, value()),
                Tuple.of(1, deep()),
                Tuple.of(2, Arbitraries.oneOf(object, Arbitraries.of(VALUES)).map(JsonGrammar::otherwiseEncoded)));
    }

    private static Arbitrary<String> deep() {
        return Combinators.combine(
                        Arbitraries.of("[", "{\"a\":", "[{\"a\":"), Arbitraries.of(10, 500, 999, 1000, 1001, 20_000))
                .as((open, depth) -> {
                    String close = new StringBuilder(open.replaceAll("[^\\[{]", ""))
                            .reverse()
                            .toString()
                            .replace('[', ']')
                            .replace('{', '}');
                    return open.repeat(depth) + "1" + close.repeat(depth);
                });
    }

    /** Which a reader of JSON may accept, and others then cannot read. */
    private static String otherwiseEncoded(String json) {
        return json.length() % 2 == 0 ? new String(json.getBytes(UTF_16LE), ISO_8859_1) : Draft.bytes("\ufeff") + json;
    }
}
