package dev.sluice.access.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** What only its owner has; here there is just its hash. */
public final class Secret {
    private static final int BYTES = 32;
    private static final Pattern HASH = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Secret() {}

    /** 256 random bits, as 43 characters that need no escaping anywhere. */
    public static String random() {
        byte[] bits = new byte[BYTES];
        new SecureRandom().nextBytes(bits);
        return BASE64.encodeToString(bits);
    }

    /** Whether a text could be a hash. */
    public static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    /** The SHA-256 of a secret, as 43 characters. It is not to be guessed from: what it is of is random. */
    public static String hash(String secret) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return BASE64.encodeToString(sha256.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
