package millrace.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {
  private static final Names NAMES =
      new Names(
          Map.of(
              "shop.example", "93.184.216.34",
              "inside.example", "10.0.0.8",
              "metadata.example", "169.254.169.254"));
  private final AddressRule rule = new AddressRule(List.of(), NAMES);
  private final AddressRule development = new AddressRule(List.of("127.0.0.1"), NAMES);

  @Test
  void thePublicInternetMayBeCalled() {
    assertThat(rule.objection("https://shop.example/hook", true)).isEmpty();
    assertThat(rule.objection("http://shop.example:8080/api", false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::5db8:d822]/",
        "http://[64:ff9b:1:0:7f:0:100:0]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://inside.example/",
        "http://metadata.example/"
      })
  void whatIsInsideMayNotBeCalled(String url) {
    assertThat(rule.objection(url, false)).as(url).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://shop.example/",
        "file:///etc/passwd",
        "gopher://shop.example/",
        "//shop.example/",
        "shop.example",
        "http://",
        "https://user:pass@shop.example/",
        "https://shop.example/#part",
        "https://shop.example/ space",
        "https://unknown.example/"
      })
  void whatIsNoPlainAddressIsRefused(String url) {
    assertThat(rule.objection(url, false)).as(url).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://[::169.254.169.254]/",
        "https://[::ffff:0:127.0.0.1]/",
        "https://[fec0::1]/",
        "https://[4000::1]/",
        "https://93.184.216.34:0/",
        "https://93.184.216.34:65536/",
        "https://bücher.example/"
      })
  void oddWaysToWriteAnAddressAreRefused(String url) {
    assertThat(rule.objection(url, true)).as(url).isPresent();
    assertThat(rule.objection("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", true)).isEmpty();
    assertThat(rule.objection("https://93.184.216.34:65535/", true)).isEmpty();
  }

  @Test
  void whatIsTooLongIsRefused() {
    var longest = "https://shop.example/" + "x".repeat(2_000 - "https://shop.example/".length());

    assertThat(rule.objection(longest, false)).isEmpty();
    assertThat(rule.objection(longest + "x", false)).contains("is too long");
  }

  @Test
  void anAddressTheOperatorNamedMayBeCalled() {
    assertThat(development.objection("http://127.0.0.1:9000/", false)).isEmpty();
    assertThat(development.objection("http://127.0.0.1:9000/", true)).isEmpty();
    assertThat(development.objection("http://127.0.0.2:9000/", false)).isPresent();
    assertThat(development.objection("http://10.0.0.8/", false)).isPresent();
  }

  @Test
  void plainHttpIsForNamedAddressesOnlyWhereItMustBeSecure() {
    assertThat(development.objection("http://shop.example/hook", true)).contains("must be https");
  }

  @Test
  void aNameThatChangesItsMeaningIsCaughtWhereTheConnectionIsMade() throws Exception {
    var changing = new Names(new HashMap<>(Map.of("shop.example", "93.184.216.34")));
    var asked = new AddressRule(List.of(), changing);
    assertThat(asked.objection("http://shop.example/", false)).isEmpty();

    changing.addresses.put("shop.example", "127.0.0.1");

    assertThatThrownBy(() -> asked.resolver(false).resolve("shop.example"))
        .isInstanceOf(AddressRule.BlockedAddressException.class);
  }

  record Names(Map<String, String> addresses) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      if (!host.endsWith("example")) return InetAddress.getAllByName(host);
      var address = addresses.get(host);
      if (address == null) throw new UnknownHostException(host);
      return InetAddress.getAllByName(address);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
