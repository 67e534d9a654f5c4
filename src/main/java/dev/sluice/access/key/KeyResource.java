package dev.sluice.access.key;

import dev.sluice.platform.Cursor;
import dev.sluice.platform.JsonBody;
import dev.sluice.platform.Page;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.AuditEntry;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.memory.MemoryAccount;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Event;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/** Keys: made, listed and revoked by admins. */
@Path("/v1/keys")
class KeyResource {
    private final Keys keys;
    private final MemoryAccount memory;
    private final Event<KeyRevoked> revoked;

    KeyResource(Keys keys, MemoryAccount memory, Event<KeyRevoked> revoked) {
        this.keys = keys;
        this.memory = memory;
        this.revoked = revoked;
    }

    @GET
    @Transactional
    @Requires(Scope.ADMIN)
    @Operation(summary = "Keys, the newest first, revoked ones too")
    public RestResponse<Page<KeyView>> keys(@QueryParam("after") String after) {
        Cursor cursor = Cursor.of(after);
        List<ApiKey> found = ApiKey.<ApiKey>find(
                        "createdAt < ?1 or createdAt = ?1 and id < ?2 order by createdAt desc, id desc",
                        cursor.at(),
                        cursor.id())
                .page(0, Page.SIZE + 1)
                .list();
        return Page.of(found, KeyView::of, last -> "/v1/keys?after=" + new Cursor(last.createdAt, last.id));
    }

    @GET
    @Path("/{id}")
    @Transactional
    @Requires(Scope.ADMIN)
    @Operation(summary = "One key")
    public KeyView key(@PathParam("id") String id) {
        return KeyView.of(ApiKey.of(id));
    }

    @POST
    @RunOnVirtualThread
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.ADMIN)
    @Operation(summary = "Make a key; its secret is in this answer and nowhere else")
    public Response make(@Context RoutingContext routing, @Context SecurityContext security, InputStream body)
            throws IOException {
        NewKey asked =
                NewKey.of(JsonBody.read(body, memory.inputOf(Caller.of(security).id()), routing));
        Keys.Made made = QuarkusTransaction.requiringNew().call(() -> keys.make(asked, Actor.of(security, routing)));
        return Response.created(URI.create("/v1/keys/" + made.key().id))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(KeyView.of(made.key(), made.secret()))
                .build();
    }

    /** To be repeated when not everybody could be told or its sessions could not be ended: the key is revoked all the same. */
    @DELETE
    @Path("/{id}")
    @Requires(Scope.ADMIN)
    @Operation(summary = "Revoke a key, and end its sessions")
    public void revoke(@PathParam("id") String id, @Context RoutingContext routing, @Context SecurityContext security) {
        ApiKey key = QuarkusTransaction.requiringNew().call(() -> {
            ApiKey found = ApiKey.of(id);
            ApiKey.getEntityManager().refresh(found, LockModeType.PESSIMISTIC_WRITE);
            if (found.revokedAt == null) {
                found.revokedAt = Instant.now();
                AuditEntry.record(Actor.of(security, routing), "key.revoked", found.id.toString());
            }
            return found;
        });
        try {
            keys.forget(key.hash);
        } finally {
            revoked.fire(new KeyRevoked(key.id.toString()));
        }
    }
}
