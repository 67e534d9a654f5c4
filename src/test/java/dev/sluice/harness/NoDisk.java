package dev.sluice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process is started with so that it can write nowhere, as in the images. On Linux no file can grow
 * ({@code RLIMIT_FSIZE} is 0) and there is no directory for temporary files. Where the tests run as root the root file system
 * is read-only too, and the user is one that owns nothing and may read everything.
 */
final class NoDisk {
    /** None but that to read what root may, which a clone in root's own home needs. */
    private static final String CAPABILITIES = "-all,+dac_read_search";

    private static final String READ_ONLY = "mount -o remount,bind,ro / && exec setpriv --reuid=65534 --regid=65534"
            + " --clear-groups --bounding-set=" + CAPABILITIES + " --inh-caps=" + CAPABILITIES + " --ambient-caps="
            + CAPABILITIES
            + " --no-new-privs -- \"$@\"";
    private static final List<String> NO_FILE_GROWS = List.of("prlimit", "--fsize=0:0");
    private static final List<String> NOBODY = List.of("unshare", "--mount", "--", "sh", "-c", READ_ONLY, "sh");

    /** What the command of a process begins with. */
    static final List<String> PREFIX = prefix();

    private NoDisk() {}

    private static List<String> prefix() {
        if (!Files.isExecutable(Path.of("/usr/bin/prlimit"))) {
            return List.of(); // not Linux
        }
        List<String> both = concat(NOBODY, NO_FILE_GROWS);
        return succeeds(concat(
                        both,
                        List.of("test", "-r", Service.ARTIFACT.toAbsolutePath().toString())))
                ? both
                : NO_FILE_GROWS;
    }

    private static List<String> concat(List<String> a, List<String> b) {
        return java.util.stream.Stream.concat(a.stream(), b.stream()).toList();
    }

    private static boolean succeeds(List<String> command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
