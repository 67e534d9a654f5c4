package dev.sluice.outbound;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The host of a URL, in the one spelling we connect by. Stricter than the WHATWG's URL standard, whose "ends in a number"
 * rule it keeps: a name whose last label is a number is an IPv4 address, and that is written as four decimal numbers.
 */
sealed interface Host {
    Pattern LABELS = Pattern.compile("(?!-)[a-z0-9-]{1,63}(?<!-)(\\.(?!-)[a-z0-9-]{1,63}(?<!-))*");
    Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");

    /** What IDNA's versions of 2003 and 2008 understand differently: sharp s, final sigma, joiners. */
    Pattern AMBIGUOUS = Pattern.compile("[\\u00DF\\u1E9E\\u03C2\\u200C\\u200D]");

    /** As it stands in a URL. */
    String text();

    /** A name to be resolved: lower case, ASCII, no dot at its end. */
    record Name(String text) implements Host {
        boolean isLocalhost() {
            return text.equals("localhost") || text.endsWith(".localhost");
        }
    }

    /** An address; one of IPv6 in brackets. */
    record Literal(String text, InetAddress address) implements Host {}

    /**
     * Understands a host as it is written.
     *
     * @throws ProblemException {@code SOURCE_URL_INVALID} if it is none, {@code SOURCE_ADDRESS_REFUSED} if it is an address
     *     in a spelling that programs disagree about
     */
    static Host of(String written) {
        if (written.startsWith("[") && written.endsWith("]")) {
            return ipv6(written.substring(1, written.length() - 1));
        }
        String name = ascii(written);
        String[] labels = name.split("\\.", -1);
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            return ipv4(name, labels, !written.endsWith("."));
        }
        if (!LABELS.matcher(name).matches() || name.length() > 253) {
            throw new ProblemException(
                    ErrorCode.SOURCE_URL_INVALID, "The host is not a name of letters, digits, hyphens and dots.");
        }
        return new Name(name);
    }

    /** What {@link IDN} maps (other digits, wide letters, invisible characters) is judged after the mapping. */
    private static String ascii(String written) {
        if (AMBIGUOUS.matcher(written).find()) {
            throw new ProblemException(
                    ErrorCode.SOURCE_URL_INVALID, "The host has a character of two meanings; write it in Punycode.");
        }
        try {
            String name = IDN.toASCII(written, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            ProblemException problem =
                    new ProblemException(ErrorCode.SOURCE_URL_INVALID, "The host is not a name that can be resolved.");
            problem.initCause(e);
            throw problem;
        }
    }

    private static Host ipv4(String name, String[] octets, boolean plain) {
        boolean canonical = plain && octets.length == 4;
        for (String octet : octets) {
            canonical = canonical && OCTET.matcher(octet).matches() && Integer.parseInt(octet) <= 255;
        }
        if (!canonical) {
            throw new ProblemException(
                    ErrorCode.SOURCE_ADDRESS_REFUSED,
                    "A host that ends in a number is an IPv4 address, and that is written as four decimal numbers.");
        }
        return new Literal(name, InetAddress.ofLiteral(name));
    }

    private static Host ipv6(String written) {
        if (written.contains("%")) {
            throw new ProblemException(
                    ErrorCode.SOURCE_ADDRESS_REFUSED, "An address with a zone is of no network but one's own.");
        }
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(written);
        } catch (IllegalArgumentException e) {
            ProblemException problem = new ProblemException(
                    ErrorCode.SOURCE_URL_INVALID, "What stands in brackets is not an IPv6 address.");
            problem.initCause(e);
            throw problem;
        }
        if (!(address instanceof Inet6Address)) {
            throw new ProblemException(
                    ErrorCode.SOURCE_ADDRESS_REFUSED, "An IPv4 address is written as four decimal numbers.");
        }
        return new Literal("[" + address.getHostAddress() + "]", address);
    }
}
