package dev.sluice.outbound;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Decides where this program may connect to: to addresses of the public internet, and to networks the operator allows. Safe
 * for use by many threads.
 */
@ApplicationScoped
public class AddressGuard {
    private final List<Network> allowed;
    private final Resolver resolver;

    AddressGuard(OutboundConfig config, Resolver resolver) {
        this.allowed = config.allowedNetworks().orElse(List.of());
        this.resolver = resolver;
    }

    /**
     * The URL in the one spelling it will be fetched by, as far as can be told without the network: absolute, http or https,
     * host in lower case and ASCII, no fragment. Credentials stay in it; see {@link Redacted}.
     *
     * @param url may be {@code null}, which is no URL
     * @throws ProblemException {@code SOURCE_URL_INVALID} if it is none, {@code SOURCE_ADDRESS_REFUSED} if its host is an
     *     address or a name that may not be fetched from
     */
    public URI checkedUri(String url) {
        SourceUrl source = SourceUrl.of(url);
        boolean permitted = switch (source.host()) {
            case Host.Literal literal -> permits(literal.address());
            case Host.Name name -> !name.isLocalhost() || loopbackIsAllowed();
        };
        if (!permitted) {
            throw new ProblemException(
                    ErrorCode.SOURCE_ADDRESS_REFUSED, "The host is at an address that may not be fetched from.");
        }
        return source.uri();
    }

    /**
     * The addresses to connect to, and no others: the name is resolved once and must not be resolved again.
     *
     * @param checked as {@link #checkedUri} gave it
     * @throws FetchException {@code SOURCE_ADDRESS_REFUSED} if one address of the answer may not be fetched from,
     *     {@code SOURCE_UNREACHABLE} if there is no answer
     */
    List<InetAddress> addresses(URI checked) throws FetchException {
        List<InetAddress> addresses = switch (Host.of(checked.getHost())) {
            case Host.Literal literal -> List.of(literal.address());
            case Host.Name name -> resolve(name.text());
        };
        if (addresses.stream().allMatch(this::permits)) {
            return addresses;
        }
        throw FetchException.permanent(
                ErrorCode.SOURCE_ADDRESS_REFUSED, "The host has an address that may not be fetched from.", null);
    }

    private List<InetAddress> resolve(String name) throws FetchException {
        try {
            return List.of(resolver.resolve(name));
        } catch (UnknownHostException e) {
            throw FetchException.retryable(ErrorCode.SOURCE_UNREACHABLE, "The name of the host cannot be resolved.", e);
        }
    }

    private boolean loopbackIsAllowed() {
        return isAllowed(InetAddress.ofLiteral("127.0.0.1")) || isAllowed(InetAddress.ofLiteral("::1"));
    }

    private boolean isAllowed(InetAddress address) {
        return allowed.stream().anyMatch(network -> network.contains(address));
    }

    /** An IPv4 address inside one of IPv6 must be permitted too, even where the outer one is. */
    private boolean permits(InetAddress address) {
        return (isAllowed(address) || !SpecialNetworks.contain(address))
                && (isLoopback(address)
                        || SpecialNetworks.embedded(address).stream().allMatch(this::permits));
    }

    /** {@code ::1} is no IPv4-compatible address, though it looks like one. */
    private static boolean isLoopback(InetAddress address) {
        return address.isLoopbackAddress();
    }
}
