package millrace.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// How payments travel together: each as the JSON of its event on a line of its own. Most of what a
/// payment costs behind its commit is paid for each row and record, so payments that were committed
/// together share a row of the outbox, and those of one partition a record.
public final class PaymentPages {
  public static final String TYPE = "millrace.channel.payments_accepted.v1";

  private static final JsonFactory JSON = new JsonFactory();

  private PaymentPages() {}

  /// The payments of a page, each as its JSON.
  public static List<byte[]> lines(byte[] page) {
    var lines = new ArrayList<byte[]>();
    int start = 0;
    for (int i = 0; i < page.length; i++) {
      if (page[i] == '\n') {
        lines.add(Arrays.copyOfRange(page, start, i));
        start = i + 1;
      }
    }
    if (start < page.length) lines.add(Arrays.copyOfRange(page, start, page.length));
    return lines;
  }

  /// Told from the payment alone, so that it is the same in whatever page the payment comes.
  static UUID idOf(PaymentAccepted payment) {
    return UUID.nameUUIDFromBytes(
        "%s %s %d".formatted(TYPE, payment.paymentId(), payment.sequence()).getBytes(UTF_8));
  }

  /// The channel of a line, read without the rest of it.
  ///
  /// @throws UndecodableException when the line names none
  public static String channelOf(byte[] line) throws UndecodableException {
    try (var json = JSON.createParser(ObjectReadContext.empty(), line)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        for (var name = json.nextName(); name != null; name = json.nextName()) {
          var value = json.nextToken();
          if (name.equals("channelId") && value == JsonToken.VALUE_STRING) return json.getString();
          json.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw new UndecodableException("not a page of payments: " + e.getMessage(), e);
    }
    throw new UndecodableException("not a page of payments: a line names no channel");
  }
}
