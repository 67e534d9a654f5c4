package dev.sluice.fuzz;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** The reading dialect. */
final class QueryGrammar {
    private static final List<String> COLUMNS =
            List.of("id", "big", "num", "dbl", "day", "clock", "moment", "flag", "uid", "txt", "_row", "none", "");

    private static final List<String> OPERATORS = List.of(
            "eq",
            "neq",
            "gt",
            "gte",
            "lt",
            "lte",
            "is",
            "in",
            "not.eq",
            "not.in",
            "not.is",
            "not.not.eq",
            "like",
            "ilike",
            "match",
            "imatch",
            "isdistinct",
            "like(any)",
            "eq(all)",
            "eq(some)",
            "fts",
            "wfts(english)",
            "phfts(none)",
            "cs",
            "sl",
            "adj",
            "EQ",
            "or",
            "");

    private static final List<String> RIGHT = List.of(
            "id=gt.5",
            "id=in.(1,2,3)",
            "big=eq.9223372036854775807",
            "num=lte.12.50",
            "num=not.in.(1e3,-1)",
            "dbl=neq.1.5",
            "dbl=gt.NaN",
            "day=gte.2024-01-31",
            "clock=lt.12:30:00",
            "moment=gt.2024-01-31T12:00:00",
            "flag=is.true",
            "flag=not.is.null",
            "flag=is.unknown",
            "uid=eq.6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "txt=in.(a,%22b,%5C%22c%22,)",
            "txt=eq.",
            "txt=not.eq.%F0%9F%98%80",
            "select=id,txt",
            "select=*",
            "select=a:id,b:num,%C3%A9:txt",
            "select=_row,id",
            "order=id.desc",
            "order=txt.asc.nullslast,id",
            "order=num.desc.nullsfirst,_row.asc",
            "limit=5",
            "limit=0",
            "limit=999999999999999999",
            "offset=3",
            "offset=999999999999999999",
            "_after=3",
            "_after=999999999999999999",
            "_download=csv",
            "_download=ndjson",
            "_download=xml",
            "and=(id.gt.1,or(flag.is.true,not.and(txt.eq.%22a,b%22,num.in.(1,2))))",
            "or=(id.eq.1,txt.like.a*)",
            "not.or=(id.lt.3,day.is.null)",
            "txt=ilike.*%25_",
            "txt=match.%5Ea",
            "txt=like(any).{a*,%22b%22}",
            "big=eq(any).{1,2}",
            "num=isdistinct.1.5",
            "txt=wfts(english).a%20or%20b",
            "txt->>0=is.null",
            "select=id::text,n:num::int",
            "select=flag,count(),num.sum(),total:big.avg()::int",
            "select=txt->a->>0,txt",
            "order=txt->>a.desc,id");

    private static final List<String> TARGETS = List.of(
            "fuzz", "fuzz", "fuzz", "fuzz", "fuzz", "fuzz@1", "fuzz@1", "other", "fuzz@999999999", "fuzz@0", "fuzz@");

    private QueryGrammar() {}

    static Arbitrary<Draft> drafts() {
        Arbitrary<String> target = Arbitraries.frequencyOf(Tuple.of(30, Arbitraries.of(TARGETS)), Tuple.of(1, named()));
        Arbitrary<String> query = Arbitraries.frequencyOf(
                Tuple.of(4, joined(Arbitraries.of(RIGHT), 4)),
                Tuple.of(2, joined(condition(), 3)),
                Tuple.of(1, joined(Arbitraries.oneOf(Arbitraries.of(RIGHT), condition(), large()), 120)),
                Tuple.of(1, large()));
        return Combinators.combine(
                        target,
                        query,
                        accepted(),
                        Arbitraries.of(Credential.ADMIN, Credential.READER, Credential.SESSION))
                .as((name, asked, headers, by) ->
                        Draft.of("GET", "/rest/v1/" + name + "?" + asked).by(by).headers(headers));
    }

    private static Arbitrary<String> named() {
        return Combinators.combine(Arbitraries.of("", "fuzz", "fuzz@"), Nasty.text())
                .as((name, more) -> Nasty.encoded(name + more));
    }

    private static Arbitrary<String> joined(Arbitrary<String> parts, int most) {
        return parts.list()
                .uniqueElements(part -> part.split("=", 2)[0])
                .ofMaxSize(Math.min(most, 6))
                .map(all -> String.join("&", all));
    }

    private static Arbitrary<String> condition() {
        Arbitrary<String> value = Arbitraries.oneOf(
                Nasty.text(), Arbitraries.of("1", "1.5", "2024-01-31", "true", "null", "(1,2)", "(a,\"b\")"));
        Arbitrary<Boolean> raw = Arbitraries.frequency(Tuple.of(1, true), Tuple.of(5, false));
        return Combinators.combine(Arbitraries.of(COLUMNS), Arbitraries.of(OPERATORS), value, raw)
                .as((column, operator, v, r) -> column + "=" + operator + "." + (r ? v : Nasty.encoded(v)));
    }

    /** A lot of something, as much as fits a request line and more. */
    private static Arbitrary<String> large() {
        Arbitrary<String> piece = Arbitraries.of(
                "id=gt.0&",
                "id=in.(%s)",
                "select=%s",
                "order=%s",
                "id=%seq.1",
                "or=%s",
                "txt=eq.%s",
                "select=%s:id",
                "limit=%s",
                "and=(%s",
                "and=%s)",
                "id=eq(any).{%s}",
                "txt=match.%s",
                "txt=fts.%s",
                "select=txt%s",
                "_after=%s");
        Arbitrary<String> filling = Arbitraries.of(
                "id,",
                "1,",
                "not.",
                "(",
                "and(",
                "or(",
                "->a",
                "id.eq.1,",
                "(a*)*",
                "a|",
                "txt:id,",
                "%22,",
                "*,",
                "9",
                "txt.desc,",
                "%F0%9F%98%80");
        return Combinators.combine(piece, filling, Arbitraries.of(4, 63, 64, 101, 500, 1500, 3900))
                .as((p, f, n) -> p.contains("%s") ? p.replace("%s", f.repeat(n)) : p.repeat(Math.min(n, 500)));
    }

    private static Arbitrary<List<String>> accepted() {
        return Arbitraries.frequency(
                Tuple.of(6, List.of()),
                Tuple.of(3, List.of("Accept: text/csv")),
                Tuple.of(3, List.of("Accept: text/csv", "Prefer: rendering=source")),
                Tuple.of(2, List.of("Prefer: count=exact", "Range: 2-5")),
                Tuple.of(1, List.of("Prefer: count=planned")),
                Tuple.of(1, List.of("Prefer: count=estimated, handling=strict")),
                Tuple.of(1, List.of("Accept: application/vnd.pgrst.object+json;nulls=stripped")),
                Tuple.of(1, List.of("Accept: application/x-ndjson", "Range: 9-2")),
                Tuple.of(1, List.of("Accept: text/csv;q=0.5, application/json;q=0.1, */*;q=0")));
    }
}
