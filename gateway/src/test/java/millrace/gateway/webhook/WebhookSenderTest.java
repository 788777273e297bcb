package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import millrace.gateway.outbound.AddressRule;
import millrace.gateway.outbound.OutboundClient;
import millrace.gateway.webhook.Target.Keys;
import millrace.gateway.webhook.Target.Previous;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSenderTest {
  /// An address may have been registered when its host was one that the operator named.
  @ParameterizedTest
  @ValueSource(strings = {"http://shop.example/hook", "HTTP://shop.example/hook"})
  void nothingGoesToThePublicInternetInTheOpen(String url) throws IOException {
    var names = new InMemoryDnsResolver();
    names.add("shop.example", InetAddress.getByName("93.184.216.34"));
    var keys = new Keys("", Ed25519.newKey());
    var target =
        new Target(
            "we_1", url, Set.of(SignatureScheme.V1A), keys, new Previous(keys, Optional.empty()));
    try (var client = new OutboundClient(new AddressRule(List.of("127.0.0.1"), names))) {
      var sender = new WebhookSender(client, Clock.systemUTC(), Duration.ofSeconds(1));

      var attempt = sender.send(target, new Parcel(1, 0, "evt_1", "{}"));

      assertThat(attempt.delivered()).isFalse();
      assertThat(attempt.error()).contains("BLOCKED: the address may not be called");
    }
  }
}
