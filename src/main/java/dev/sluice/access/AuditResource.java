package dev.sluice.access;

import dev.sluice.platform.identity.AuditEntry;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Who changed what and when. */
@Path("/v1/audit")
class AuditResource {
    private static final int PAGE = 100;
    private static final String CURSOR = "[1-9]\\d{0,17}";

    /**
     * A change.
     *
     * @param actor the id of the key, or a word for who had none
     */
    record AuditItem(Instant at, String actor, String action, String subject) {}

    record AuditList(List<AuditItem> items, String next) {}

    @GET
    @Transactional
    @Requires(Scope.ADMIN)
    @Operation(summary = "Changes, the latest first; of one subject or all")
    public Response audit(@QueryParam("subject") String subject, @QueryParam("after") String after) {
        if (after != null && !after.matches(CURSOR)) {
            throw new ProblemException(ErrorCode.QUERY_INVALID, "'after' is not a cursor that was given out here.");
        }
        long before = after == null ? Long.MAX_VALUE : Long.parseLong(after);
        List<AuditEntry> found = (subject == null
                        ? AuditEntry.<AuditEntry>find("id < ?1 order by id desc", before)
                        : AuditEntry.<AuditEntry>find("id < ?1 and subject = ?2 order by id desc", before, subject))
                .page(0, PAGE + 1)
                .list();
        List<AuditItem> page = found.stream()
                .limit(PAGE)
                .map(e -> new AuditItem(e.at, e.actor, e.action, e.subject))
                .toList();
        if (found.size() <= PAGE) {
            return Response.ok(new AuditList(page, null)).build();
        }
        UriBuilder next = UriBuilder.fromPath("/v1/audit").queryParam("after", found.get(PAGE - 1).id);
        String uri = (subject == null
                        ? next.build()
                        : next.queryParam("subject", "{subject}").build(subject))
                .toString();
        return Response.ok(new AuditList(page, uri))
                .header("Link", "<" + uri + ">; rel=\"next\"")
                .build();
    }
}
