package dev.sluice.fuzz;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** A right request for everything there is to be asked for. */
final class Routes {
    private static final List<String> READ = List.of(
            "/v1/datasets",
            "/v1/datasets/fuzz",
            "/v1/datasets/fuzz/profile",
            "/v1/datasets/fuzz/versions",
            "/v1/datasets/fuzz/versions/1",
            "/v1/datasets/fuzz/versions/1/profile",
            "/v1/datasets/fuzz/versions/1/rejects",
            "/v1/datasets?q=e",
            "/v1/queue",
            "/v1/ingests",
            "/v1/ingests/{ingest}",
            "/v1/ingests/{ingest}/events",
            "/v1/keys",
            "/v1/keys/{key}",
            "/v1/sessions",
            "/v1/sessions/current",
            "/v1/sessions/current/state",
            "/v1/audit",
            "/rest/v1/fuzz?limit=3",
            "/q/openapi",
            "/");

    private static final List<Draft> CHANGES = List.of(
            Draft.of("PUT", "/v1/datasets/other").body("a,b\n1,2\n"),
            Draft.of("POST", "/v1/samples?complete=true").body("a,b\n1,2\n"),
            Draft.of("PATCH", "/v1/datasets/other").json("{\"title\":\"t\",\"keepVersions\":1}"),
            Draft.of("POST", "/v1/datasets/other/versions/1/restore"),
            Draft.of("POST", "/v1/datasets/fetched/ingests").json("{\"url\":\"{source}\"}"),
            Draft.of("POST", "/v1/keys").json("{\"name\":\"n\",\"scopes\":[\"read\"]}"),
            Draft.of("POST", "/v1/sessions").by(Credential.NONE).json("{\"key\":\"{spare}\"}"),
            Draft.of("PUT", "/v1/sessions/current/state").by(Credential.SESSION).json("{\"a\":[1,null]}"),
            Draft.of("DELETE", "/v1/sessions").by(Credential.SPARE),
            Draft.of("DELETE", "/v1/sessions/{session}").by(Credential.SPARE),
            Draft.of("DELETE", "/v1/sessions/current").by(Credential.SPARE),
            Draft.of("DELETE", "/v1/keys/{revoked}"),
            Draft.of("DELETE", "/v1/ingests/{ingest}").by(Credential.WRITER),
            Draft.of("DELETE", "/v1/datasets/gone"));

    private static final List<String> METHODS =
            List.of("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "X");

    private Routes() {}

    static Arbitrary<Draft> right() {
        Arbitrary<Draft> reading = Arbitraries.of(READ).map(Routes::reading);
        return Arbitraries.frequencyOf(Tuple.of(3, reading), Tuple.of(1, Arbitraries.of(CHANGES)));
    }

    /** Methods that a route may not have. What deletes is not asked of what the others are to find. */
    static Arbitrary<Draft> wrong() {
        Arbitrary<String> paths = Arbitraries.of(READ).filter(path -> !path.matches("/v1/(datasets|sessions|keys/).*"));
        return paths.flatMap(
                path -> Arbitraries.of(METHODS).map(method -> reading(path).method(method)));
    }

    private static Draft reading(String path) {
        Draft draft = Draft.of("GET", path);
        return path.startsWith("/v1/sessions") ? draft.by(Credential.SESSION) : draft;
    }
}
