package dev.sluice.outbound;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** URLs as they may be shown and logged. */
public final class Redacted {
    private static final Pattern SECRET =
            Pattern.compile("token|key|sig|secret|password|auth|credential", Pattern.CASE_INSENSITIVE);

    private Redacted() {}

    /** Without fragment; user and password, and values of query parameters whose names speak of secrets, are {@code ***}. */
    public static String url(URI uri) {
        StringBuilder shown = new StringBuilder();
        if (uri.getScheme() != null) {
            shown.append(uri.getScheme()).append("://");
        }
        String authority = uri.getRawAuthority();
        if (authority != null) {
            int at = authority.lastIndexOf('@');
            shown.append(at < 0 ? authority : "***" + authority.substring(at));
        }
        if (uri.getRawPath() != null) {
            shown.append(uri.getRawPath());
        }
        if (uri.getRawQuery() != null) {
            shown.append('?')
                    .append(Stream.of(uri.getRawQuery().split("&", -1))
                            .map(Redacted::parameter)
                            .collect(Collectors.joining("&")));
        }
        return shown.toString();
    }

    private static String parameter(String raw) {
        int equals = raw.indexOf('=');
        if (equals < 0) {
            return raw;
        }
        String name = raw.substring(0, equals);
        boolean secret =
                SECRET.matcher(URLDecoder.decode(name, StandardCharsets.UTF_8)).find();
        return secret ? name + "=***" : raw;
    }
}
