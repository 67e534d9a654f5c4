package dev.sluice.access.key;

import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.id.uuid.UuidVersion7Strategy;
import org.hibernate.type.SqlTypes;

/** A key of a program or a person. It is never changed but for its end and its last use. */
@Entity
@Table(name = "api_key")
public class ApiKey extends PanacheEntityBase {
    /** What secrets begin with that were made here, so that scanners for leaked secrets find them. */
    static final String BRAND = "sluice_";

    private static final int SHOWN = 6;

    @Id
    public UUID id;

    @Column(nullable = false)
    public String name;

    @Column(nullable = false)
    public String hash;

    /** The first characters of the secret, for its owner to recognise it by. */
    @Column(nullable = false)
    public String prefix;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    public Scope scope;

    /** Patterns of the datasets it is for; empty: all. */
    @Column(nullable = false)
    @JdbcTypeCode(SqlTypes.ARRAY)
    public List<String> datasets = List.of();

    /** The id of the caller who made it. */
    @Column(name = "created_by", nullable = false)
    public String createdBy;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @Column(name = "expires_at")
    public Instant expiresAt;

    @Column(name = "revoked_at")
    public Instant revokedAt;

    @Column(name = "last_used_at")
    public Instant lastUsedAt;

    static ApiKey of(String secret, NewKey asked, String createdBy) {
        ApiKey key = new ApiKey();
        key.id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
        key.name = asked.name();
        key.hash = Secret.hash(secret);
        key.prefix = secret.substring(0, secret.startsWith(BRAND) ? BRAND.length() + SHOWN : SHOWN);
        key.scope = asked.scope();
        key.datasets = asked.datasets();
        key.expiresAt = asked.expiresAt();
        key.createdBy = createdBy;
        key.createdAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return key;
    }

    static Optional<ApiKey> withSecret(String secret) {
        return find("hash", Secret.hash(secret)).firstResultOptional();
    }

    /** @throws ProblemException {@code KEY_NOT_FOUND} */
    static ApiKey of(String id) {
        try {
            return ApiKey.<ApiKey>findByIdOptional(UUID.fromString(id)).orElseThrow(() -> unknown(id));
        } catch (IllegalArgumentException e) {
            throw unknown(id);
        }
    }

    private static ProblemException unknown(String id) {
        return new ProblemException(ErrorCode.KEY_NOT_FOUND, "There is no key '" + id + "'.");
    }

    public boolean isValid() {
        return revokedAt == null && (expiresAt == null || expiresAt.isAfter(Instant.now()));
    }

    public Caller caller() {
        return new Caller(id.toString(), name, scope, datasets);
    }
}
