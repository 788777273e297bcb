package millrace.gateway.outbound;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import millrace.gateway.outbound.AddressRule.BlockedAddressException;
import millrace.gateway.outbound.OutboundCall.Excess;
import millrace.gateway.outbound.OutboundException.Kind;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/// Calls addresses that strangers chose: filtered while connecting, no redirects, no cookies, no
/// proxy, no repeats, and an end to everything.
public final class OutboundClient implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 1_000;
  private static final int MAX_CONNECTIONS_PER_HOST = 128;
  private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(3);

  private final CloseableHttpClient open;
  private final CloseableHttpClient onlyNamed;
  private final ScheduledExecutorService deadlines =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("outbound-deadlines").factory());

  public OutboundClient(AddressRule rule) {
    open = client(rule, false);
    onlyNamed = client(rule, true);
  }

  public OutboundAnswer send(OutboundCall call) throws OutboundException {
    var request = new HttpUriRequestBase(call.method(), call.url());
    call.headers().forEach(request::addHeader);
    if (call.body().length() > 0) request.setEntity(new ByteArrayEntity(call.body().bytes(), null));
    request.setConfig(config(call.deadline()));
    var late = new AtomicBoolean();
    var deadline =
        deadlines.schedule(
            () -> {
              late.set(true);
              request.cancel();
            },
            call.deadline().toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      var client = call.onlyNamed() ? onlyNamed : open;
      return client.execute(request, response -> read(response, call, request));
    } catch (CutException cut) {
      return cut.answer;
    } catch (BlockedAddressException blocked) {
      throw new OutboundException(Kind.BLOCKED, "the address may not be called", blocked);
    } catch (TooLargeException tooLarge) {
      throw new OutboundException(Kind.TOO_LARGE, "the answer is too large", tooLarge);
    } catch (SocketTimeoutException slow) {
      throw new OutboundException(Kind.TIMEOUT, "no answer in time", slow);
    } catch (IOException failure) {
      throw late.get()
          ? new OutboundException(Kind.TIMEOUT, "no answer in time", failure)
          : new OutboundException(Kind.UNREACHABLE, failure.getClass().getSimpleName(), failure);
    } finally {
      deadline.cancel(false);
    }
  }

  private static OutboundAnswer read(
      ClassicHttpResponse response, OutboundCall call, HttpUriRequestBase request)
      throws IOException {
    var headers = List.of(response.getHeaders());
    var entity = response.getEntity();
    if (entity == null) return new OutboundAnswer(response.getCode(), headers, Body.EMPTY);
    boolean cuts = call.excess() == Excess.CUT;
    if (entity.getContentLength() > call.maxBytes() && !cuts) throw new TooLargeException();
    try (var body = entity.getContent()) {
      byte[] bytes = body.readNBytes(call.maxBytes());
      boolean more = bytes.length == call.maxBytes() && body.read() >= 0;
      // Closing the body would read the rest of it.
      if (more) request.cancel();
      if (more && !cuts) throw new TooLargeException();
      var answer = new OutboundAnswer(response.getCode(), headers, Body.of(bytes));
      if (more) throw new CutException(answer);
      return answer;
    }
  }

  private static RequestConfig config(Duration deadline) {
    return RequestConfig.custom()
        .setResponseTimeout(Timeout.of(deadline))
        .setConnectionRequestTimeout(CONNECT_TIMEOUT)
        .setRedirectsEnabled(false)
        .build();
  }

  private static CloseableHttpClient client(AddressRule rule, boolean onlyNamed) {
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(rule.resolver(onlyNamed))
            .setMaxConnTotal(MAX_CONNECTIONS)
            .setMaxConnPerRoute(MAX_CONNECTIONS_PER_HOST)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(CONNECT_TIMEOUT)
                    .setTimeToLive(TimeValue.ofMinutes(1))
                    .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                    .build())
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections)
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableDefaultUserAgent()
        .evictExpiredConnections()
        .build();
  }

  @Override
  public void close() throws IOException {
    deadlines.shutdownNow();
    open.close();
    onlyNamed.close();
  }

  private static final class TooLargeException extends IOException {}

  /// Thrown, because the client reads to the end of what ends well.
  private static final class CutException extends IOException {
    private final transient OutboundAnswer answer;

    CutException(OutboundAnswer answer) {
      this.answer = answer;
    }
  }
}
