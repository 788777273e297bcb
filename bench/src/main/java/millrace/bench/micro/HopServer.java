package millrace.bench.micro;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.ServerCalls.UnaryMethod;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import millrace.bench.Logs;
import millrace.messaging.command.ChannelView;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentStatus;
import millrace.protocol.type.Amount;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import tools.jackson.databind.json.JsonMapper;

/// channel-service without its work, as a process of its own: takes every payment at once and keeps
/// nothing. Both of its doors lead to the same few lines, on virtual threads.
public final class HopServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Tomcat http;
  private final Server grpc;

  private HopServer(Path folder) throws IOException {
    http = http(folder, threads);
    grpc =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .executor(threads)
            .addService(
                ServerServiceDefinition.builder(HopWire.GRPC_SERVICE)
                    .addMethod(HopWire.SINGLE, ServerCalls.asyncUnaryCall(by(HopWire::decide)))
                    .addMethod(HopWire.BATCH, ServerCalls.asyncUnaryCall(by(HopWire::decideAll)))
                    .build())
            .build()
            .start();
  }

  /// Where it is reached on this machine. The first line that it says.
  record Ports(int http, int grpc) {}

  /// @param arguments the folder in which Tomcat may leave files
  public static void main(String[] arguments) throws IOException {
    Logs.onlyWarnings();
    try (var server = start(Path.of(arguments[0]))) {
      System.out.println(JSON.writeValueAsString(server.ports()));
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  static HopServer start(Path folder) throws IOException {
    return new HopServer(folder);
  }

  Ports ports() {
    return new Ports(http.getConnector().getLocalPort(), grpc.getPort());
  }

  /// As big an answer as a real one.
  static PaymentOutcome decide(PaymentCommand command) {
    if (!(command instanceof Charge(var request))) {
      throw new IllegalArgumentException("not a charge: " + command);
    }
    var voucher = request.voucher().voucher();
    var channel =
        new ChannelView(
            voucher.channelId(),
            PayingChannel.BALANCE,
            Amount.ZERO,
            0,
            BigInteger.ZERO,
            voucher.ceiling());
    return new Taken(request.id(), PaymentStatus.CHARGED, request.price(), channel, false);
  }

  /// Set as channel-service sets its own.
  private static Tomcat http(Path folder, ExecutorService threads) {
    var connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.getProtocolHandler().setExecutor(threads);
    var tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toAbsolutePath().toString());
    tomcat.setConnector(connector);
    tomcat.setSilent(true);
    var context = tomcat.addContext("", null);
    if (context instanceof StandardContext web) {
      // It would look for leaks at its end, and warn that the JDK forbids it.
      web.setClearReferencesThreadLocals(false);
      web.setClearReferencesRmiTargets(false);
    }
    Tomcat.addServlet(context, "payments", new Payments());
    context.addServletMappingDecoded(HopWire.HTTP_PATH, "payments");
    try {
      tomcat.start();
    } catch (LifecycleException e) {
      throw new IllegalStateException("Tomcat does not start", e);
    }
    return tomcat;
  }

  private static UnaryMethod<byte[], byte[]> by(UnaryOperator<byte[]> work) {
    return (message, answer) -> {
      answer.onNext(work.apply(message));
      answer.onCompleted();
    };
  }

  private static final class Payments extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      byte[] answer = HopWire.decideAll(request.getInputStream().readAllBytes());
      response.setContentType("application/json");
      response.setContentLength(answer.length);
      response.getOutputStream().write(answer);
    }
  }

  @Override
  public void close() {
    grpc.shutdownNow();
    try {
      http.stop();
      http.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException("Tomcat does not stop", e);
    }
    threads.shutdownNow();
  }
}
