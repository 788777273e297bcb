package millrace.gateway.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import millrace.gateway.outbound.Body;
import millrace.gateway.outbound.OutboundAnswer;
import millrace.gateway.outbound.OutboundCall;
import millrace.gateway.outbound.OutboundClient;
import millrace.gateway.outbound.OutboundException;
import millrace.gateway.webhook.Deliveries.Due;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/// Signs a message as Standard Webhooks says and sends it, once.
final class WebhookSender {
  private static final int MAX_ANSWER_BYTES = 64 * 1024;

  private final OutboundClient client;
  private final Clock clock;
  private final Duration timeout;

  WebhookSender(OutboundClient client, Clock clock, Duration timeout) {
    this.client = client;
    this.clock = clock;
    this.timeout = timeout;
  }

  OutboundAnswer send(Due due) throws OutboundException {
    var url = URI.create(due.url());
    return client.send(
        new OutboundCall(
            "POST",
            url,
            headers(due, clock.instant().getEpochSecond()),
            Body.of(due.body().getBytes(StandardCharsets.UTF_8)),
            url.getScheme().equalsIgnoreCase("http"),
            timeout,
            MAX_ANSWER_BYTES));
  }

  static List<Header> headers(Due due, long timestamp) {
    try {
      return List.of(
          new BasicHeader("Content-Type", "application/json"),
          new BasicHeader("User-Agent", "Millrace"),
          new BasicHeader(Webhook.UNBRANDED_MSG_ID_KEY, due.message()),
          new BasicHeader(Webhook.UNBRANDED_MSG_TIMESTAMP_KEY, Long.toString(timestamp)),
          new BasicHeader(
              Webhook.UNBRANDED_MSG_SIGNATURE_KEY,
              new Webhook(due.secret()).sign(due.message(), timestamp, due.body())));
    } catch (WebhookSigningException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
