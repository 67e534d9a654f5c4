package dev.sluice.fuzz;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Headers, on every route. */
final class HeaderGrammar {
    private static final List<String> NAMES = List.of(
            "Cookie",
            "Authorization",
            "apikey",
            "X-Api-Key",
            "Origin",
            "Sec-Fetch-Site",
            "Sec-Fetch-Mode",
            "Host",
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Accept-Charset",
            "Prefer",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "Idempotency-Key",
            "Content-Type",
            "Content-Length",
            "Content-Range",
            "Content-Encoding",
            "Transfer-Encoding",
            "Connection",
            "Expect",
            "Upgrade",
            "X-Request-Id",
            "Range",
            "User-Agent",
            "Forwarded",
            "X-Forwarded-For",
            "X-HTTP-Method-Override",
            "Last-Event-ID",
            "Access-Control-Request-Method",
            "X");

    private static final List<String> RIGHT = List.of(
            "Cookie: a=b; c=\"d\"; $Version=1",
            "Cookie: sluice_session=; sluice_session=x",
            "Authorization: Basic eDp5",
            "X-Api-Key: ",
            "Origin: http://localhost",
            "Sec-Fetch-Site: same-origin",
            "Sec-Fetch-Site: none",
            "Host: [::1]:80",
            "Accept: */*",
            "Accept: application/json;q=0.5, text/csv;q=1.000, text/html;level=1",
            "Accept-Language: de-CH, en;q=0.5, *;q=0",
            "Accept-Charset: utf-8, x;q=2",
            "Accept-Encoding: gzip, br;q=0",
            "Prefer: rendering=source, return=minimal",
            "If-Match: *",
            "If-None-Match: W/\"1\", \"2\"",
            "If-Modified-Since: Wed, 21 Oct 2015 07:28:00 GMT",
            "Idempotency-Key: 1",
            "Content-Type: application/json; charset=utf-8",
            "Content-Type: application/json; charset=utf-7",
            "Content-Type: multipart/form-data; boundary=x",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Encoding: gzip",
            "X-Request-Id: abc",
            "Range: bytes=0-1, -5",
            "Expect: 100-continue",
            "Connection: close",
            "User-Agent: x (y; z)",
            "X-Forwarded-For: 1.2.3.4, ::1");

    private HeaderGrammar() {}

    static Arbitrary<Draft> drafts() {
        Arbitrary<Draft> routes = Arbitraries.frequencyOf(Tuple.of(8, Routes.right()), Tuple.of(1, Routes.wrong()));
        return Combinators.combine(routes, lines()).as((route, lines) -> route.with(lines.toArray(String[]::new)));
    }

    private static Arbitrary<List<String>> lines() {
        Arbitrary<String> odd =
                Combinators.combine(Arbitraries.of(NAMES), visible()).as((name, value) -> name + ": " + value);
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(RIGHT).list().ofMaxSize(4)),
                Tuple.of(
                        5,
                        Arbitraries.oneOf(Arbitraries.of(RIGHT), odd)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(3)),
                Tuple.of(1, many()),
                Tuple.of(1, length()));
    }

    /** Mostly what may stand in a header. */
    private static Arbitrary<String> visible() {
        Arbitrary<String> clean = Nasty.text().map(text -> text.replaceAll("[\\x00-\\x08\\n\\r\\x0b-\\x1f\\x7f]", "~"));
        return Arbitraries.frequencyOf(Tuple.of(9, clean), Tuple.of(1, Nasty.text()));
    }

    private static Arbitrary<List<String>> many() {
        return Combinators.combine(Arbitraries.of(RIGHT), Arbitraries.of(2, 20, 200, 1000))
                .as((line, times) -> List.of((line + "\r\n").repeat(times - 1) + line));
    }

    private static Arbitrary<List<String>> length() {
        return Arbitraries.of(
                List.of("Content-Length: 0"),
                List.of("Content-Length: -1"),
                List.of("Content-Length: +5"),
                List.of("Content-Length: 99999999999999999999"),
                List.of("Content-Length: 9223372036854775807"),
                List.of("Content-Length: 1, 1"),
                List.of("Content-Length: 1", "Content-Length: 2"),
                List.of("Content-Length: 0x1"),
                List.of("Content-Length: "),
                List.of("Content-Length: 5", "Transfer-Encoding: chunked"),
                List.of("Transfer-Encoding: gzip"),
                List.of("Transfer-Encoding: chunked, chunked"));
    }
}
