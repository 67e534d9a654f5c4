package dev.sluice.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes a request a little: one part of it, in which case the rest is still right, or its bytes. */
final class Mutation {
    private final Random random;

    Mutation(Random random) {
        this.random = random;
    }

    /** A draft with some part changed. */
    Draft of(Draft draft) {
        return switch (random.nextInt(3)) {
            case 0 -> draft.target(target(draft.target()));
            case 1 -> draft.headers().isEmpty() ? draft.target(target(draft.target())) : header(draft);
            default -> draft.body() == null ? draft.target(target(draft.target())) : draft.body(bytes(draft.body()));
        };
    }

    private String target(String target) {
        int query = target.indexOf('?') + 1;
        int kept = random.nextInt(5) == 0 ? 0 : query; // a path that is another one leads nowhere
        String changed = target.substring(0, kept) + bytes(target.substring(kept));
        return random.nextInt(8) == 0 ? changed : escaped(changed);
    }

    /** What cannot stand in a request line is escaped there, and all else is left as it is. */
    private static String escaped(String target) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            escaped.append(c > ' ' && c < 0x7f ? Character.toString(c) : "%%%02X".formatted((int) c));
        }
        return escaped.toString();
    }

    private Draft header(Draft draft) {
        List<String> headers = new ArrayList<>(draft.headers());
        int i = random.nextInt(headers.size());
        String[] parts = headers.get(i).split(":", 2);
        headers.set(i, parts.length == 2 ? parts[0] + ": " + bytes(parts[1].strip()) : bytes(headers.get(i)));
        return draft.headers(headers);
    }

    /** Bytes with some of them flipped, deleted, doubled, or with something put between them; once, or a few times. */
    String bytes(String bytes) {
        String changed = bytes;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            changed = once(changed);
        }
        return changed;
    }

    private String once(String bytes) {
        int from = random.nextInt(bytes.length() + 1);
        int to = from + Math.min(bytes.length() - from, 1 + random.nextInt(8));
        String before = bytes.substring(0, from);
        String part = bytes.substring(from, to);
        String after = bytes.substring(to);
        return switch (random.nextInt(5)) {
            case 0 -> before + flipped(part) + after;
            case 1 -> before + after;
            case 2 -> before + part.repeat(2 + random.nextInt(40)) + after;
            case 3 -> before + (char) random.nextInt(256) + part + after;
            default -> before + Nasty.TOKENS.get(random.nextInt(Nasty.TOKENS.size())) + part + after;
        };
    }

    private String flipped(String part) {
        return part.isEmpty() ? part : (char) (part.charAt(0) ^ 1 << random.nextInt(8)) + part.substring(1);
    }
}
