package dev.sluice.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds what the console consists of: its page, what that names, what these name, and so on. Nothing else can be asked for,
 * whatever the path.
 */
final class Assets {
    private static final String PAGE = "/index.html";
    private static final String ROOT = "META-INF/resources";

    /** A name in the quotes or brackets that HTML, scripts and styles have around one. */
    private static final Pattern NAME = Pattern.compile("(?<=[\"'`(])(?!//)[\\w/.-]+\\.(?:js|css|svg)(?=[\"'`)])");

    private Assets() {}

    /** All of them by their path. */
    static Map<String, Asset> read() {
        Map<String, Asset> assets = new HashMap<>();
        Deque<String> named = new ArrayDeque<>();
        named.add(PAGE);
        while (!named.isEmpty()) {
            String path = named.remove();
            byte[] content = assets.containsKey(path) ? null : resource(path);
            if (content == null) {
                continue;
            }
            Asset asset = Asset.of(path, content);
            assets.put(path, asset);
            if (asset.isText()) {
                NAME.matcher(new String(content, UTF_8))
                        .results()
                        .forEach(name ->
                                named.add(URI.create(path).resolve(name.group()).getPath()));
            }
        }
        if (!assets.containsKey(PAGE)) {
            throw new IllegalStateException("The console was not built.");
        }
        assets.put("/", assets.get(PAGE));
        return Map.copyOf(assets);
    }

    private static byte[] resource(String path) {
        try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(ROOT + path)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
