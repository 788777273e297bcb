package millrace.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import millrace.protocol.type.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RpcIT {
  private static final Address ACCOUNT = Address.of("0x%040x".formatted(7));

  private FakeNode first;
  private FakeNode second;
  private Rpc rpc;

  @BeforeEach
  void start() throws IOException {
    first = new FakeNode(5).result("eth_getBalance", "0x1");
    second = new FakeNode(5).result("eth_getBalance", "0x2");
    rpc = rpc(first.address(), second.address());
  }

  @AfterEach
  void stop() {
    rpc.close();
    first.close();
    second.close();
  }

  @Test
  void asksTheFirstNodeWhileItAnswers() {
    assertThat(rpc.balance(ACCOUNT)).isEqualTo(1);
    assertThat(second.requests()).isZero();
  }

  @Test
  void asksTheNextNodeWhenTheFirstFails() {
    first.failWith(503);
    assertThat(rpc.balance(ACCOUNT)).isEqualTo(2);
  }

  @Test
  void asksTheNextNodeWhenTheFirstIsGone() {
    first.close();
    assertThat(rpc.balance(ACCOUNT)).isEqualTo(2);
  }

  @Test
  void asksTheNextNodeWhenTheFirstIsOverloaded() {
    first.error("eth_getBalance", -32005, "limit exceeded");
    assertThat(rpc.balance(ACCOUNT)).isEqualTo(2);
  }

  @Test
  void stopsAskingANodeThatFailedOften() {
    first.failWith(500);
    for (int i = 0; i < 10; i++) rpc.balance(ACCOUNT);
    int asked = first.requests();
    for (int i = 0; i < 10; i++) rpc.balance(ACCOUNT);
    assertThat(first.requests()).isEqualTo(asked);
  }

  @Test
  void saysSoWhenNoNodeAnswers() {
    first.failWith(500);
    second.failWith(500);
    assertThatThrownBy(() -> rpc.balance(ACCOUNT)).isInstanceOf(RpcUnavailable.class);
  }

  @Test
  void doesNotStartWithANodeOfAnotherChain() throws IOException {
    try (var foreign = new FakeNode(6);
        var mixed = rpc(first.address(), foreign.address())) {
      assertThatThrownBy(mixed::verifyChain).isInstanceOf(WrongChain.class);
    }
  }

  @Test
  void neverBelievesANodeOfAnotherChain() throws IOException {
    try (var foreign = new FakeNode(6).result("eth_getBalance", "0x9");
        var mixed = rpc(foreign.address(), second.address())) {
      assertThat(mixed.balance(ACCOUNT)).isEqualTo(2);
    }
  }

  @Test
  void aNodeThatIsDownDoesNotStopTheStart() {
    first.close();
    rpc.verifyChain();
    assertThat(rpc.balance(ACCOUNT)).isEqualTo(2);
  }

  @Test
  void keepsTheOrderOfABatchWhateverTheNodeDoes() {
    var calls =
        IntStream.range(0, 120)
            .mapToObj(i -> new Call(ACCOUNT, Bytes.of("0x%08x".formatted(i))))
            .toList();
    assertThat(rpc.callAll(calls, BlockRef.LATEST))
        .map(CallResult::returned)
        .containsExactlyElementsOf(calls.stream().map(Call::data).toList());
  }

  @Test
  void aRevertIsAnAnswerAndOtherErrorsAreNot() {
    first.error("eth_call", 3, "execution reverted");
    var call = new Call(ACCOUNT, Bytes.EMPTY);
    assertThat(rpc.call(call, BlockRef.LATEST)).isInstanceOf(CallResult.Reverted.class);
    first.error("eth_call", -32000, "header not found");
    assertThatThrownBy(() -> rpc.call(call, BlockRef.LATEST)).isInstanceOf(RpcFault.class);
  }

  @Test
  void tellsWhatBecameOfARawTransaction() {
    first.error("eth_sendRawTransaction", -32000, "already known");
    assertThat(rpc.broadcast(Bytes.EMPTY)).isInstanceOf(Broadcast.Taken.class);
    first.error("eth_sendRawTransaction", -32000, "nonce too low");
    assertThat(rpc.broadcast(Bytes.EMPTY)).isInstanceOf(Broadcast.NonceUsed.class);
    first.error("eth_sendRawTransaction", -32000, "insufficient funds for gas * price + value");
    assertThat(rpc.broadcast(Bytes.EMPTY)).isInstanceOf(Broadcast.NoFunds.class);
    first.error("eth_sendRawTransaction", -32000, "max fee per gas less than block base fee");
    assertThat(rpc.broadcast(Bytes.EMPTY)).isInstanceOf(Broadcast.Refused.class);
  }

  private static Rpc rpc(URI... nodes) {
    return new Rpc(
        new RpcSettings(
            Stream.of(nodes).toList(), BigInteger.valueOf(5), Duration.ofSeconds(5), 1));
  }
}
