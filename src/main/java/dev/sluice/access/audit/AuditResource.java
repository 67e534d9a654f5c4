package dev.sluice.access.audit;

import dev.sluice.platform.Page;
import dev.sluice.platform.identity.AuditEntry;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/** Who changed what, from where and when, and which sign-ins were refused. */
@Path("/v1/audit")
class AuditResource {
    private static final String CURSOR = "[1-9]\\d{0,17}";

    /**
     * A change, or a sign-in that was refused.
     *
     * @param actor the id of the key, or a word for who had none
     * @param address of the client; {@code null} where no request did it
     * @param reason why it was refused; {@code null} if it was not
     */
    record AuditItem(Instant at, String actor, String action, String subject, String address, String reason) {
        static AuditItem of(AuditEntry entry) {
            return new AuditItem(entry.at, entry.actor, entry.action, entry.subject, entry.address, entry.reason);
        }
    }

    @GET
    @Transactional
    @Requires(Scope.ADMIN)
    @Operation(summary = "Changes and refused sign-ins, the latest first; of one subject or all")
    public RestResponse<Page<AuditItem>> audit(
            @QueryParam("subject") String subject, @QueryParam("after") String after) {
        if (after != null && !after.matches(CURSOR)) {
            throw new ProblemException(ErrorCode.QUERY_INVALID, "'after' is not a cursor that was given out here.");
        }
        long before = after == null ? Long.MAX_VALUE : Long.parseLong(after);
        List<AuditEntry> found = (subject == null
                        ? AuditEntry.<AuditEntry>find("id < ?1 order by id desc", before)
                        : AuditEntry.<AuditEntry>find("id < ?1 and subject = ?2 order by id desc", before, subject))
                .page(0, Page.SIZE + 1)
                .list();
        return Page.of(found, AuditItem::of, last -> next(last, subject));
    }

    private static URI next(AuditEntry last, String subject) {
        UriBuilder next = UriBuilder.fromPath("/v1/audit").queryParam("after", last.id);
        return subject == null
                ? next.build()
                : next.queryParam("subject", "{subject}").build(subject);
    }
}
