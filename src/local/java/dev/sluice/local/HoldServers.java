package dev.sluice.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;

/**
 * Holds the servers for another process: {@code HoldServers FILE PID} writes their configuration to FILE and ends when
 * the process does.
 */
final class HoldServers {
    private HoldServers() {}

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        ProcessHandle owner = ProcessHandle.of(Long.parseLong(args[1])).orElseThrow();
        try (EmbeddedServers servers = EmbeddedServers.start()) {
            Path written = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(
                    written,
                    servers.configuration().entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue() + "\n")
                            .collect(Collectors.joining()));
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            owner.onExit().join();
        }
    }
}
