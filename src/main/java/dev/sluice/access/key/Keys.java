package dev.sluice.access.key;

import dev.sluice.platform.identity.AuditEntry;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Scope;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes keys and recognises them. Asks the database every time, so that a revoked key is refused at once everywhere. */
@ApplicationScoped
public class Keys {
    private static final Duration USE = Duration.ofMinutes(1);

    private final AccessConfig config;
    private final EntityManager entities;

    Keys(AccessConfig config, EntityManager entities) {
        this.config = config;
        this.entities = entities;
    }

    /**
     * A key that was just made.
     *
     * @param secret which is nowhere else
     */
    record Made(ApiKey key, String secret) {}

    /** Makes a key, as part of the transaction there is. */
    Made make(NewKey asked, String by) {
        String secret = ApiKey.BRAND + Secret.random();
        return new Made(put(secret, asked, by), secret);
    }

    private ApiKey put(String secret, NewKey asked, String by) {
        ApiKey key = ApiKey.of(secret, asked, by);
        key.persist();
        AuditEntry.record(by, "key.created", key.id.toString());
        return key;
    }

    /** The key of that secret, if it is valid. It has been used, then. */
    public Optional<ApiKey> find(String secret) {
        return QuarkusTransaction.requiringNew().call(() -> {
            Optional<ApiKey> found = ApiKey.withSecret(secret);
            if (found.isEmpty() && isBootstrap(secret)) {
                found = Optional.of(bootstrap(secret));
            }
            found.filter(ApiKey::isValid).ifPresent(this::used);
            return found.filter(ApiKey::isValid);
        });
    }

    private boolean isBootstrap(String secret) {
        return config.bootstrapKey()
                .filter(key -> MessageDigest.isEqual(
                        key.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8)))
                .isPresent();
    }

    /** Makes it, unless another process does at this moment. */
    private ApiKey bootstrap(String secret) {
        entities.createNativeQuery("SELECT pg_advisory_xact_lock(hashtextextended(:hash, 0))")
                .setParameter("hash", Secret.hash(secret))
                .getSingleResult();
        return ApiKey.withSecret(secret)
                .orElseGet(() -> put(secret, new NewKey("bootstrap", Scope.ADMIN, List.of(), null), "configuration"));
    }

    /** Written at most once a minute, and never waited for: another request with the same key may be at it. */
    private void used(ApiKey key) {
        if (key.lastUsedAt != null && key.lastUsedAt.isAfter(Instant.now().minus(USE))) {
            return;
        }
        entities.createNativeQuery("""
                        UPDATE sluice.api_key SET last_used_at = clock_timestamp()
                        WHERE id = (SELECT id FROM sluice.api_key WHERE id = :id FOR UPDATE SKIP LOCKED)""").setParameter("id", key.id).executeUpdate();
    }

    /** Whether a caller's key has been revoked since, or has expired. */
    public boolean isOver(Caller caller) {
        return QuarkusTransaction.requiringNew()
                .call(() -> !ApiKey.of(caller.id()).isValid());
    }
}
