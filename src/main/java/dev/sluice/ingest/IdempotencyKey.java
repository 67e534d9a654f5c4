package dev.sluice.ingest;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What makes a repeated request recognisable (the Idempotency-Key header, draft-ietf-httpapi-idempotency-key-header).
 *
 * @param value as the client chose it, 1 to 255 visible ASCII characters
 * @param fingerprint of all that was asked but the content: the same key with another one is a mistake
 */
@Embeddable
record IdempotencyKey(
        @Column(name = "idempotency_key") String value,
        @Column(name = "fingerprint") String fingerprint) {
    private static final Pattern VALUE = Pattern.compile("[!-~]{1,255}");

    /**
     * The key of a request; {@code null} if it has none.
     *
     * @throws ProblemException {@code REQUEST_INVALID}
     */
    static IdempotencyKey of(String header, String... asked) {
        if (header == null) {
            return null;
        }
        if (!VALUE.matcher(header).matches()) {
            throw new ProblemException(
                    ErrorCode.REQUEST_INVALID, "An Idempotency-Key has 1 to 255 visible ASCII characters.");
        }
        return new IdempotencyKey(header, fingerprint(asked));
    }

    private static String fingerprint(String... asked) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(sha256.digest(String.join("\n", asked).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
