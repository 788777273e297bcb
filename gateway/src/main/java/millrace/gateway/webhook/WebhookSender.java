package millrace.gateway.webhook;

import com.standardwebhooks.Webhook;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import millrace.gateway.outbound.Body;
import millrace.gateway.outbound.OutboundAnswer;
import millrace.gateway.outbound.OutboundCall;
import millrace.gateway.outbound.OutboundClient;
import millrace.gateway.outbound.OutboundException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/// Signs a message as Standard Webhooks says and sends it, once. What the endpoint says back is
/// looked at only as far as it is kept.
final class WebhookSender {
  private static final int MAX_ANSWER_BYTES = 4 * 1024;
  private static final int MAX_HEADER_CHARS = 4 * 1024;

  private final OutboundClient client;
  private final Clock clock;
  private final Duration timeout;

  WebhookSender(OutboundClient client, Clock clock, Duration timeout) {
    this.client = client;
    this.clock = clock;
    this.timeout = timeout;
  }

  Attempt send(Target target, Parcel parcel) {
    var at = clock.instant();
    long start = System.nanoTime();
    var headers = headers(target, parcel, at);
    try {
      var answer = client.send(call(target, parcel, headers));
      return answered(target, parcel, at, start, headers, answer);
    } catch (OutboundException failure) {
      return new Attempt(
          parcel,
          at,
          Duration.ofNanos(System.nanoTime() - start),
          target.url(),
          lines(headers),
          Optional.empty(),
          "",
          "",
          Optional.of(failure.kind() + ": " + failure.getMessage()),
          Optional.empty());
    }
  }

  private Attempt answered(
      Target target,
      Parcel parcel,
      Instant at,
      long start,
      List<Header> headers,
      OutboundAnswer answer) {
    boolean taken = answer.status() >= 200 && answer.status() < 300;
    return new Attempt(
        parcel,
        at,
        Duration.ofNanos(System.nanoTime() - start),
        target.url(),
        lines(headers),
        Optional.of(answer.status()),
        lines(answer.headers()),
        text(answer.body()),
        taken ? Optional.empty() : Optional.of("status " + answer.status()),
        answer.headers().stream()
            .filter(header -> header.getName().equalsIgnoreCase("Retry-After"))
            .findFirst()
            .flatMap(header -> RetryAfter.of(header.getValue(), clock.instant())));
  }

  private OutboundCall call(Target target, Parcel parcel, List<Header> headers) {
    var url = URI.create(target.url());
    return new OutboundCall(
        "POST",
        url,
        headers,
        Body.of(parcel.body().getBytes(StandardCharsets.UTF_8)),
        url.getScheme().equalsIgnoreCase("http"),
        timeout,
        MAX_ANSWER_BYTES,
        OutboundCall.Excess.CUT);
  }

  private static List<Header> headers(Target target, Parcel parcel, Instant at) {
    return List.of(
        new BasicHeader("Content-Type", "application/json"),
        new BasicHeader("User-Agent", "Millrace"),
        new BasicHeader(Webhook.UNBRANDED_MSG_ID_KEY, parcel.message()),
        new BasicHeader(Webhook.UNBRANDED_MSG_TIMESTAMP_KEY, Long.toString(at.getEpochSecond())),
        new BasicHeader(
            Webhook.UNBRANDED_MSG_SIGNATURE_KEY, target.sign(parcel.message(), at, parcel.body())));
  }

  private static String lines(List<Header> headers) {
    var lines =
        headers.stream()
            .map(header -> header.getName() + ": " + header.getValue())
            .collect(Collectors.joining("\n"));
    return storable(lines.substring(0, Math.min(lines.length(), MAX_HEADER_CHARS)));
  }

  private static String text(Body body) {
    return storable(new String(body.bytes(), StandardCharsets.UTF_8));
  }

  /// PostgreSQL's text has no NUL.
  private static String storable(String text) {
    return text.replace('\0', '\ufffd');
  }
}
