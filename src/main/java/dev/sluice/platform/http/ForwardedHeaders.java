package dev.sluice.platform.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Leaves of the headers of proxies what Quarkus is to believe. Each proxy appends the address that it sees, so a client can
 * begin the list with any address, and Quarkus takes the first. The client's address is the last one that is not a trusted
 * proxy's; if all are, the first. Where an entry is no address the one behind it counts: the proxy that wrote the entry.
 *
 * <p>{@code X-Forwarded-For} and {@code Forwarded} (RFC 7239) then have the client alone. Of the headers beside {@code
 * X-Forwarded-For} the value at the same place stays, or the last if they are not as many.
 */
@Sharable
final class ForwardedHeaders extends ChannelInboundHandlerAdapter {
    private static final String X_FOR = "X-Forwarded-For";
    private static final List<String> BESIDE = List.of("X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port");
    private static final String FORWARDED = "Forwarded";
    private static final String FOR = "for";

    private static final Pattern ADDRESS =
            Pattern.compile("\\[(?<six>[^]]+)](?::\\w+)?|(?<four>[^:]+)(?::\\w+)?|(?<bare>[^]\\[]+)");

    /** A pair of RFC 7239, section 4, and what ends it. */
    private static final Pattern PAIR = Pattern.compile(
            "\\s*(?<name>[\\w-]+)=(?:\"(?<quoted>[^\"\\\\]*)\"|(?<token>[^\\s\",;=]+))\\s*(?<end>[;,]|$)");

    private static final Pattern SAFE = Pattern.compile("[\\w.:\\[\\]-]+");

    private final TrustedProxies trusted;

    ForwardedHeaders(TrustedProxies trusted) {
        this.trusted = trusted;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            reduce(request.headers());
        }
        ctx.fireChannelRead(message);
    }

    void reduce(HttpHeaders headers) {
        if (headers.contains(FORWARDED)) {
            reduceForwarded(headers);
        }
        List<String> hops = values(headers, X_FOR);
        int client = client(hops);
        put(headers, X_FOR, client < 0 ? null : address(hops.get(client)).getHostAddress());
        for (String name : BESIDE) {
            List<String> values = values(headers, name);
            if (values.size() > 1) {
                put(
                        headers,
                        name,
                        values.get(client >= 0 && values.size() == hops.size() ? client : values.size() - 1));
            }
        }
    }

    private void reduceForwarded(HttpHeaders headers) {
        List<Map<String, String>> elements = elements(String.join(",", headers.getAll(FORWARDED)));
        int client = client(elements.stream().map(e -> e.getOrDefault(FOR, "")).toList());
        if (client < 0) {
            headers.remove(FORWARDED);
            return;
        }
        Map<String, String> element = elements.get(client);
        StringBuilder left =
                new StringBuilder("for=\"" + address(element.get(FOR)).getHostAddress() + "\"");
        for (String name : List.of("proto", "host")) {
            if (SAFE.matcher(element.getOrDefault(name, "")).matches()) {
                left.append(";" + name + "=\"" + element.get(name) + "\"");
            }
        }
        headers.set(FORWARDED, left.toString());
    }

    /** What each proxy says, the first one first; empty if it cannot be understood. */
    private static List<Map<String, String>> elements(String header) {
        List<Map<String, String>> elements = new ArrayList<>();
        Map<String, String> element = new HashMap<>();
        Matcher pair = PAIR.matcher(header);
        int at = 0;
        for (; at < header.length() && pair.find(at) && pair.start() == at; at = pair.end()) {
            String value = pair.group("quoted") == null ? pair.group("token") : pair.group("quoted");
            element.put(pair.group("name").toLowerCase(Locale.ROOT), value);
            if (!pair.group("end").equals(";")) {
                elements.add(element);
                element = new HashMap<>();
            }
        }
        return at == header.length() ? elements : List.of();
    }

    private static List<String> values(HttpHeaders headers, String name) {
        List<String> lines = headers.getAll(name);
        return lines.isEmpty() ? List.of() : List.of(String.join(",", lines).split(",", -1));
    }

    private static void put(HttpHeaders headers, String name, String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.set(name, value.strip());
        }
    }

    /** The place of the client; -1 if the last entry is no address. */
    private int client(List<String> hops) {
        int client = -1;
        for (int i = hops.size() - 1; i >= 0; i--) {
            InetAddress address = address(hops.get(i));
            if (address == null) {
                break;
            }
            client = i;
            if (!trusted.contains(address)) {
                break;
            }
        }
        return client;
    }

    /** An address as proxies write it, with a port or without; {@code null} if it is none. */
    private static InetAddress address(String text) {
        Matcher parts = ADDRESS.matcher(text.strip());
        if (!parts.matches() || text.indexOf('%') >= 0) {
            return null;
        }
        String six = parts.group("six") == null ? parts.group("bare") : parts.group("six");
        try {
            return InetAddress.ofLiteral(six == null ? parts.group("four") : six);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
