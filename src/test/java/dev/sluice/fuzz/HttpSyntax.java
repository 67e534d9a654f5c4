package dev.sluice.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is a request of HTTP/1.1 (RFC 9112), by a reader that is stricter than servers are: of what it accepts every server
 * must make sense. It accepts no chunked bodies and no upgrades.
 */
final class HttpSyntax {
    private static final Pattern FIRST = Pattern.compile("[A-Za-z]+ /[A-Za-z0-9._~:/?@!$&'()*+,;=%-]* HTTP/1\\.1");
    private static final Pattern BROKEN = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern FIELD = Pattern.compile("([A-Za-z0-9-]+): ?([ \\t!-~\\x80-\\xff]*)");
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\])(:\\d{1,5})?");
    private static final Set<String> FRAMING =
            Set.of("transfer-encoding", "upgrade", "connection", "expect", "te", "http2-settings");

    private HttpSyntax() {}

    static boolean isRequest(String raw) {
        int end = raw.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        String[] lines = raw.substring(0, end).split("\r\n", -1);
        if (!FIRST.matcher(lines[0]).matches() || BROKEN.matcher(lines[0]).find()) {
            return false;
        }
        List<String> hosts = new ArrayList<>();
        List<String> lengths = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            Matcher field = FIELD.matcher(lines[i]);
            if (!field.matches() || FRAMING.contains(field.group(1).toLowerCase(Locale.ROOT))) {
                return false;
            }
            switch (field.group(1).toLowerCase(Locale.ROOT)) {
                case "host" -> hosts.add(field.group(2));
                case "content-length" -> lengths.add(field.group(2));
                default -> {}
            }
        }
        String body = Integer.toString(raw.length() - end - 4);
        return hosts.size() == 1
                && HOST.matcher(hosts.getFirst()).matches()
                && (lengths.isEmpty() ? body.equals("0") : lengths.equals(List.of(body)));
    }
}
