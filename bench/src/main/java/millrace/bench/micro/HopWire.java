package millrace.bench.micro;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/// The same JSON over every transport, so that what differs is the transport. Each side is as
/// tolerant as the service whose place it takes.
final class HopWire {
  static final String HTTP_PATH = "/internal/payments";
  static final String GRPC_SERVICE = "millrace.bench.Payments";
  static final MethodDescriptor<byte[], byte[]> SINGLE = method("Single");
  static final MethodDescriptor<byte[], byte[]> BATCH = method("Batch");

  private static final JsonMapper GATEWAY = MessagingJson.mapper();
  private static final JsonMapper CHANNEL_SERVICE = MessagingJson.strict();
  private static final ObjectWriter COMMAND = GATEWAY.writerFor(PaymentCommand.class);
  private static final ObjectWriter COMMANDS = GATEWAY.writerFor(PaymentCommand[].class);
  private static final ObjectReader OUTCOME = GATEWAY.readerFor(PaymentOutcome.class);
  private static final ObjectReader OUTCOMES = GATEWAY.readerFor(PaymentOutcome[].class);
  private static final ObjectReader ASKED = CHANNEL_SERVICE.readerFor(PaymentCommand.class);
  private static final ObjectReader ALL_ASKED = CHANNEL_SERVICE.readerFor(PaymentCommand[].class);
  private static final ObjectWriter ANSWER = CHANNEL_SERVICE.writerFor(PaymentOutcome.class);
  private static final ObjectWriter ANSWERS = CHANNEL_SERVICE.writerFor(PaymentOutcome[].class);

  private HopWire() {}

  static byte[] command(PaymentCommand command) {
    return COMMAND.writeValueAsBytes(command);
  }

  static byte[] commands(List<PaymentCommand> commands) {
    return COMMANDS.writeValueAsBytes(commands.toArray(PaymentCommand[]::new));
  }

  static PaymentOutcome outcome(byte[] answer) {
    return OUTCOME.readValue(answer);
  }

  static List<PaymentOutcome> outcomes(byte[] answer) {
    PaymentOutcome[] outcomes = OUTCOMES.readValue(answer);
    return Arrays.asList(outcomes);
  }

  /// The server's part, of one command.
  static byte[] decide(byte[] command) {
    return ANSWER.writeValueAsBytes(HopServer.decide(ASKED.<PaymentCommand>readValue(command)));
  }

  /// The server's part, of an array.
  static byte[] decideAll(byte[] commands) {
    PaymentCommand[] asked = ALL_ASKED.readValue(commands);
    return ANSWERS.writeValueAsBytes(
        Arrays.stream(asked).map(HopServer::decide).toArray(PaymentOutcome[]::new));
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(GRPC_SERVICE, name))
        .setRequestMarshaller(Bytes.AS_THEY_ARE)
        .setResponseMarshaller(Bytes.AS_THEY_ARE)
        .build();
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    AS_THEY_ARE;

    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    /// The stream holds the whole message, so what is available is its length.
    @Override
    public byte[] parse(InputStream message) {
      try {
        return message.readNBytes(message.available());
      } catch (IOException e) {
        throw new UncheckedIOException("a message does not end", e);
      }
    }
  }
}
