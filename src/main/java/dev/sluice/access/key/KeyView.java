package dev.sluice.access.key;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.platform.identity.Scope;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A key as clients see it.
 *
 * @param key its secret: when it is made, and never again
 */
record KeyView(
        UUID id,
        String name,
        String prefix,
        List<String> scopes,
        List<String> datasets,
        String createdBy,
        Instant createdAt,
        Instant expiresAt,
        Instant revokedAt,
        Instant lastUsedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) String key) {

    static KeyView of(ApiKey key) {
        return of(key, null);
    }

    static KeyView of(ApiKey key, String secret) {
        return new KeyView(
                key.id,
                key.name,
                key.prefix,
                Stream.of(Scope.values())
                        .filter(key.scope::includes)
                        .map(Scope::word)
                        .toList(),
                key.datasets,
                key.createdBy,
                key.createdAt,
                key.expiresAt,
                key.revokedAt,
                key.lastUsedAt,
                secret);
    }
}
