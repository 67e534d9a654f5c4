package dev.sluice.access.key;

import dev.sluice.platform.SharedCache;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.AuditEntry;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes keys and recognises them. Who has a key is remembered for all processes, and forgotten when it is revoked, so that it is
 * refused at once everywhere.
 */
@ApplicationScoped
public class Keys {
    private static final Duration USE = Duration.ofMinutes(1);

    private static final String HOLDER = "holder";
    private static final Duration REMEMBERED = Duration.ofSeconds(30);

    private final AccessConfig config;
    private final EntityManager entities;
    private final SharedCache cache;

    Keys(AccessConfig config, EntityManager entities, SharedCache cache) {
        this.config = config;
        this.entities = entities;
        this.cache = cache;
    }

    /**
     * A key that was just made.
     *
     * @param secret which is nowhere else
     */
    record Made(ApiKey key, String secret) {}

    /** Makes a key, as part of the transaction there is. */
    Made make(NewKey asked, Actor by) {
        String secret = ApiKey.BRAND + Secret.random();
        return new Made(put(secret, asked, by), secret);
    }

    private ApiKey put(String secret, NewKey asked, Actor by) {
        ApiKey key = ApiKey.of(secret, asked, by.id());
        key.persist();
        AuditEntry.record(by, "key.created", key.id.toString());
        return key;
    }

    /**
     * Who has a key, as it is remembered.
     *
     * @param expiresAt {@code null}: never
     */
    @RegisterForReflection
    record Holder(Caller caller, Instant expiresAt) {
        boolean isValid() {
            return expiresAt == null || expiresAt.isAfter(Instant.now());
        }
    }

    /** Who has the key of that secret, if it is valid and that is remembered. */
    public Optional<Caller> remembered(String secret) {
        return valid(cache.find(group(Secret.hash(secret)), HOLDER, Holder.class));
    }

    /** Who has the key of that secret, if it is valid. */
    public Optional<Caller> caller(String secret) {
        Supplier<Optional<Holder>> database = () -> find(secret).map(key -> new Holder(key.caller(), key.expiresAt));
        return valid(cache.get(group(Secret.hash(secret)), HOLDER, Holder.class, REMEMBERED, database));
    }

    private static Optional<Caller> valid(Optional<Holder> holder) {
        return holder.filter(Holder::isValid).map(Holder::caller);
    }

    /**
     * Lets no process take a key for valid any longer that was.
     *
     * @throws ProblemException {@code CACHE_UNAVAILABLE}: some might, for half a minute
     */
    void forget(String hash) {
        if (!cache.forget(group(hash))) {
            throw new ProblemException(
                    ErrorCode.CACHE_UNAVAILABLE, "The key is revoked, but may be valid elsewhere for 30 s: try again.");
        }
    }

    private static String group(String hash) {
        return "key:" + hash;
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

    /**
     * A secret by which {@link #find} finds no valid key.
     *
     * @param id {@code null} if there is no such key
     * @param reason one word
     */
    public record Invalid(String id, String reason) {}

    /** Why {@link #find} found nothing by a secret. */
    public Invalid invalid(String secret) {
        return QuarkusTransaction.requiringNew()
                .call(() -> ApiKey.withSecret(secret)
                        .map(key -> new Invalid(key.id.toString(), key.revokedAt == null ? "expired" : "revoked"))
                        .orElse(new Invalid(null, "unknown")));
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
                .orElseGet(() ->
                        put(secret, new NewKey("bootstrap", Scope.ADMIN, List.of(), null), Actor.of("configuration")));
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
