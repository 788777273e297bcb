package millrace.bench.micro;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;

/// One channel, that is one connection; HTTP/2 carries many calls at once.
final class GrpcCalls implements Hop, BatchCalls {
  private final ManagedChannel channel;
  private final Duration timeout;

  /// @param timeout of one call
  GrpcCalls(int port, Duration timeout) {
    this.timeout = timeout;
    channel =
        Grpc.newChannelBuilderForAddress(
                InetAddress.getLoopbackAddress().getHostAddress(),
                port,
                InsecureChannelCredentials.create())
            .build();
  }

  @Override
  public PaymentOutcome send(PaymentCommand command) {
    return HopWire.outcome(call(HopWire.SINGLE, HopWire.command(command)));
  }

  @Override
  public List<PaymentOutcome> sendTogether(List<PaymentCommand> commands) {
    return HopWire.outcomes(call(HopWire.BATCH, HopWire.commands(commands)));
  }

  private byte[] call(MethodDescriptor<byte[], byte[]> method, byte[] message) {
    var options = CallOptions.DEFAULT.withDeadlineAfter(timeout);
    return ClientCalls.blockingUnaryCall(channel, method, options, message);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
