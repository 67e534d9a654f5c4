package dev.sluice.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

    private static AddressGuard resolving(String... addresses) {
        return new AddressGuard(
                Settings.of(),
                _ -> Stream.of(addresses).map(InetAddress::ofLiteral).toArray(InetAddress[]::new));
    }

    private static AddressGuard allowing(String networks) {
        return new AddressGuard(Settings.of("allowed-networks", networks), _ -> {
            throw new AssertionError("no name is resolved here");
        });
    }

    private static void assertRefused(AddressGuard guard, String url, ErrorCode code) {
        assertThatThrownBy(() -> guard.checkedUri(url))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // loopback, and its spellings
                "http://127.0.0.1/",
                "http://127.0.0.1:8080/",
                "http://127.1.2.3/",
                "http://127.1/",
                "http://127.0.1/",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7F.1/",
                "http://0x7f.0.0.1/",
                "http://0177.0.0.1/",
                "http://017700000001/",
                "http://127.0.0.01/",
                "http://127.0.0.1./",
                "http://127.0.0.0x1/",
                "http://0x/",
                "http://a.0x/",
                "http://1.2.3.4.5/",
                "http://127.0.0.256/",
                "http://99999999999999999999/",
                "http://example.1/",
                "http://08.8.8.8/",
                "http://8.8.2056/",
                "http://\u2460\u2461\u2466.\u24EA.\u24EA.\u2460/",
                "http://127\u30020\u30020\u30021/",
                "http://\uFF11\uFF12\uFF17.0.0.1/",
                "http://127.0.0.\uFF10\uFF58\uFF11/",
                "HTTP://127.0.0.1/",
                // names of loopback
                "http://localhost/",
                "http://LOCALHOST/",
                "http://localhost./",
                "http://localhost:80/",
                "http://a.localhost/",
                "http://a.b.localhost./",
                "http://\uFF4Cocalhost/",
                "http://\u24DB\u24DE\u24D2\u24D0\u24DB\u24D7\u24DE\u24E2\u24E3/",
                // private, link-local, metadata, and other special networks
                "http://10.0.0.1/",
                "http://10.255.255.255/",
                "http://172.16.0.1/",
                "http://172.31.255.255/",
                "http://192.168.0.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://100.64.0.1/",
                "http://100.100.100.200/",
                "http://168.63.129.16/",
                "http://192.0.0.192/",
                "http://0.0.0.0/",
                "http://0.1.2.3/",
                "http://0/",
                "http://192.0.2.1/",
                "http://198.51.100.1/",
                "http://203.0.113.1/",
                "http://198.18.0.1/",
                "http://198.19.255.255/",
                "http://192.88.99.1/",
                "http://224.0.0.1/",
                "http://239.255.255.255/",
                "http://240.0.0.1/",
                "http://255.255.255.255/",
                // IPv6
                "http://[::1]/",
                "http://[127.0.0.1]/",
                "http://[0:0:0:0:0:0:0:1]/",
                "http://[0000::0001]:80/",
                "http://[::]/",
                "http://[::127.0.0.1]/",
                "http://[::8.8.8.8]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:7f00:1]/",
                "http://[::FFFF:8.8.8.8]/",
                "http://[fc00::1]/",
                "http://[fd00:ec2::254]/",
                "http://[fe80::1]/",
                "http://[fe80::1%25eth0]/",
                "http://[fe80::1%eth0]/",
                "http://[2606:4700::1%25lo]/",
                "http://[fec0::1]/",
                "http://[ff02::1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[64:ff9b::8.8.8.8]/",
                "http://[64:ff9b:1::a00:1]/",
                "http://[2002:7f00:1::]/",
                "http://[2002:808:808::1]/",
                "http://[2001::1]/",
                "http://[2001:0:1234::80ff:fffe]/",
                "http://[2001:2::1]/",
                "http://[2001:10::1]/",
                "http://[2001:db8::1]/",
                "http://[3fff::1]/",
                "http://[100::1]/",
                "http://[5f00::1]/",
                // the host is not what it looks like
                "http://example.com@127.0.0.1/",
                "http://example.com:80@127.0.0.1/",
                "http://example.com%2F@127.0.0.1/",
                "http://127.0.0.1#@example.com/",
                "http://127.0.0.1?@example.com/",
                "http://127.0.0.1/@example.com/"
            })
    void addressesOfNoPublicNetworkAreRefusedInEverySpelling(String url) {
        assertRefused(resolving(), url, ErrorCode.SOURCE_ADDRESS_REFUSED);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "example.com",
                "//example.com/",
                "/etc/passwd",
                "file:///etc/passwd",
                "ftp://example.com/",
                "gopher://example.com:6379/_INFO",
                "jar:http://example.com/a!/b",
                "javascript:alert(1)",
                "http:example.com",
                "http:/example.com",
                "http:///example.com",
                "http://",
                "http:///",
                "http://?a",
                "http://#a",
                "http://:80/",
                "http://@/",
                "http://user@/",
                "http://example.com:0/",
                "http://example.com:65536/",
                "http://example.com:99999999/",
                "http://example.com:-1/",
                "http://example.com:+80/",
                "http://example.com:80:80/",
                "http://example.com:/",
                "http://example.com:\uFF18\uFF10/",
                " http://example.com/",
                "http://example.com/ ",
                "http://example.com/a b",
                "http://example.com/\r\nHost: 127.0.0.1",
                "http://exa\nmple.com/",
                "http://example.com\t/",
                "http://example.com\u0000.evil.com/",
                "http://example.com/\u007F",
                "http://example.com/\u0085",
                "http://example.com/\u2028",
                "http://example.com\\@127.0.0.1/",
                "http:\\\\example.com/",
                "http://127.0.0.1\\.example.com/",
                "http://%31%32%37.0.0.%31/",
                "http://localhos%74/",
                "http://example.com%00/",
                "http://example%2ecom/",
                "http://a@b@example.com/",
                "http://[::1/",
                "http://::1/",
                "http://[::1]]/",
                "http://[[::1]]/",
                "http://[localhost]/",
                "http://[::1].example.com/",
                "http://example.com[::1]/",
                "http://[v1.a]/",
                "http://[::1]a/",
                "http://[:::1]/",
                "http://[1:2:3:4:5:6:7:8:9]/",
                "http://[::1.2.3]/",
                "http://[::1.2.3.256]/",
                "http://./",
                "http://../",
                "http://.example.com/",
                "http://example..com/",
                "http://example.com../",
                "http://-example.com/",
                "http://example-.com/",
                "http://exam_ple.com/",
                "http://example.com,evil.com/",
                "http://exa*mple.com/",
                "http://exa$mple.com/",
                "http://a\uFF0Fb.com/",
                "http://a\u2100.com/",
                "http://\uFF20.com/",
                "http://fa\u00DF.de/",
                "http://\u200Dexample.com/",
                "http://example.com/%zz",
                "http://example.com/{a}",
                "http://example.com/\uD800",
                "http://us er@example.com/"
            })
    void whatIsNoUrlOfASourceIsRefused(String url) {
        assertRefused(resolving(), url, ErrorCode.SOURCE_URL_INVALID);
    }

    @Test
    void longNamesAndUrlsAreRefused() {
        assertRefused(resolving(), "http://" + "a".repeat(64) + ".com/", ErrorCode.SOURCE_URL_INVALID);
        assertRefused(resolving(), "http://" + "a.".repeat(127) + "com/", ErrorCode.SOURCE_URL_INVALID);
        assertRefused(resolving(), "http://example.com/" + "a".repeat(8192), ErrorCode.SOURCE_URL_INVALID);
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.com, http://example.com/",
        "https://example.com/a.csv, https://example.com/a.csv",
        "HTTPS://Example.COM/A.csv, https://example.com/A.csv",
        "http://example.com./a, http://example.com/a",
        "http://example.com:8080/a?b=c&d, http://example.com:8080/a?b=c&d",
        "http://example.com?b=c, http://example.com/?b=c",
        "http://example.com/a#row=3, http://example.com/a",
        "http://user:pass@example.com/, http://user:pass@example.com/",
        "http://127.0.0.1@example.com/, http://127.0.0.1@example.com/",
        "http://b\u00FCcher.example/\u00FC?q=\u00FC, http://xn--bcher-kva.example/%C3%BC?q=%C3%BC",
        "http://xn--bcher-kva.example/, http://xn--bcher-kva.example/",
        "http://1.1.1.1/, http://1.1.1.1/",
        "http://8.8.8.8:80/, http://8.8.8.8:80/",
        "http://172.15.0.1/, http://172.15.0.1/",
        "http://172.32.0.1/, http://172.32.0.1/",
        "http://100.63.255.255/, http://100.63.255.255/",
        "http://[2606:4700:4700::1111]/, http://[2606:4700:4700:0:0:0:0:1111]/",
        "http://[2001:4860:4860::8888]:80/, http://[2001:4860:4860:0:0:0:0:8888]:80/",
        "http://7zip.example/, http://7zip.example/",
        "http://1.2.3.4.example.com/, http://1.2.3.4.example.com/",
        "http://notlocalhost/, http://notlocalhost/",
        "http://localhost.example.com/, http://localhost.example.com/",
        "http://example.com/a?range=[1], http://example.com/a?range=[1]",
        "http://example.com//a/../b, http://example.com//a/../b"
    })
    void urlsOfThePublicInternetAreTakenInOneSpelling(String url, String checked) {
        URI uri = resolving().checkedUri(url);

        assertThat(uri).hasToString(checked);
        assertThat(resolving().checkedUri(uri.toString())).isEqualTo(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "169.254.169.254",
                "0.0.0.0",
                "::1",
                "::ffff:10.0.0.1",
                "fe80::1",
                "fd12::1",
                "64:ff9b::a9fe:a9fe",
                "2002:a00:1::"
            })
    void aNameWithOneRefusedAddressIsRefusedWhole(String address) {
        URI uri = URI.create("http://example.com/");

        assertThatThrownBy(() -> resolving("1.1.1.1", address, "8.8.8.8").addresses(uri))
                .isInstanceOfSatisfying(FetchException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_ADDRESS_REFUSED);
                    assertThat(e.retryable()).isFalse();
                    assertThat(e).hasMessageNotContaining(address);
                });
    }

    @Test
    void aNameOfPublicAddressesIsConnectedToAtThose() throws FetchException {
        assertThat(resolving("1.1.1.1", "2606:4700:4700::1111").addresses(URI.create("http://example.com/")))
                .containsExactly(InetAddress.ofLiteral("1.1.1.1"), InetAddress.ofLiteral("2606:4700:4700::1111"));
    }

    @Test
    void aNameWithoutAddressMayHaveOneLater() {
        AddressGuard guard = new AddressGuard(Settings.of(), name -> {
            throw new UnknownHostException(name);
        });

        assertThatThrownBy(() -> guard.addresses(URI.create("http://example.com/")))
                .isInstanceOfSatisfying(FetchException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
                    assertThat(e.retryable()).isTrue();
                });
    }

    @Test
    void allowedNetworksAreAllowedAndNoOthers() {
        AddressGuard guard = allowing("10.1.0.0/16, fd00:1::/32,192.168.1.7");

        assertThat(guard.checkedUri("http://10.1.255.255/")).isNotNull();
        assertThat(guard.checkedUri("http://[fd00:1::5]/")).isNotNull();
        assertThat(guard.checkedUri("http://192.168.1.7/")).isNotNull();
        assertRefused(guard, "http://10.2.0.0/", ErrorCode.SOURCE_ADDRESS_REFUSED);
        assertRefused(guard, "http://192.168.1.8/", ErrorCode.SOURCE_ADDRESS_REFUSED);
        assertRefused(guard, "http://localhost/", ErrorCode.SOURCE_ADDRESS_REFUSED);
        assertRefused(guard, "http://010.1.0.1/", ErrorCode.SOURCE_ADDRESS_REFUSED);
    }

    @Test
    void localhostIsAllowedWhereLoopbackIs() {
        assertThat(allowing("127.0.0.0/8").checkedUri("http://localhost/")).isNotNull();
        assertThat(allowing("::1/128").checkedUri("http://[::1]/")).isNotNull();
    }

    @Test
    void anIpv4AddressInsideAnAllowedIpv6NetworkIsCheckedToo() {
        AddressGuard guard = allowing("64:ff9b::/96,2002::/16,2001::/32");

        assertThat(guard.checkedUri("http://[64:ff9b::8.8.8.8]/")).isNotNull();
        assertThat(guard.checkedUri("http://[2002:808:808::]/")).isNotNull();
        assertRefused(guard, "http://[64:ff9b::169.254.169.254]/", ErrorCode.SOURCE_ADDRESS_REFUSED);
        assertRefused(guard, "http://[2002:7f00:1::]/", ErrorCode.SOURCE_ADDRESS_REFUSED);
        // 127.0.0.1 as Teredo writes it
        assertRefused(guard, "http://[2001:0:1234::80ff:fffe]/", ErrorCode.SOURCE_ADDRESS_REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "example.com/8", "10/8", "fd00::/129"})
    void anAllowedNetworkThatIsNoneStopsTheStart(String network) {
        assertThatThrownBy(() -> Settings.of("allowed-networks", network)).hasStackTraceContaining("Network");
    }
}
