package dev.sluice.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate that no authority signed, with its key, in a PKCS #12 file.
 *
 * @param file the key store
 */
public record SelfSigned(Path file) {
    public static final String PASSWORD = "changeit";

    /** @param name what it is for, as {@code keytool} writes it: {@code dns:example.com} or {@code ip:127.0.0.1} */
    public static SelfSigned of(String name, Path directory) {
        Path file = directory.resolve("server.p12");
        keytool(
                file,
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=" + name,
                "-validity",
                "2");
        return new SelfSigned(file);
    }

    /** A file that holds the certificate alone, as one that is trusted, which every user can read. */
    public Path trustStore() {
        Path certificate = file.resolveSibling("server.cer");
        Path trusted = file.resolveSibling("trusted.p12");
        keytool(file, "-exportcert", "-alias", "server", "-file", certificate.toString());
        keytool(trusted, "-importcert", "-noprompt", "-alias", "server", "-file", certificate.toString());
        return readableByAll(trusted);
    }

    /** The file, for a process that runs as another user. */
    public Path readableByAll() {
        return readableByAll(file);
    }

    private static Path readableByAll(Path file) {
        try {
            Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** The certificate alone, as text that OpenSSL reads. */
    public String certificatePem() {
        try {
            return pem("CERTIFICATE", store().getCertificate("server").getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The private key, as text that OpenSSL reads. */
    public String keyPem() {
        try {
            return pem(
                    "PRIVATE KEY",
                    store().getKey("server", PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                + "-----\n";
    }

    private static void keytool(Path store, String... arguments) {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        ProcessBuilder builder = new ProcessBuilder(tool);
        builder.command().addAll(List.of(arguments));
        builder.command()
                .addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString()));
        try {
            int end = builder.inheritIO().start().waitFor();
            if (end != 0) {
                throw new AssertionError("keytool ended with " + end);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a server that shows it. */
    SSLContext context() {
        try {
            KeyStore store = store();
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore store() throws GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
