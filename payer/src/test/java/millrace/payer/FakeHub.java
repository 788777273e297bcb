package millrace.payer;

import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.ChannelPayload;
import millrace.protocol.x402.ChannelState;
import millrace.protocol.x402.Deployment;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.Extra;
import millrace.protocol.x402.Headers;
import millrace.protocol.x402.Network;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.PaymentRequirements;
import millrace.protocol.x402.Resource;
import millrace.protocol.x402.SettleResponse;
import millrace.protocol.x402.VoucherState;
import millrace.protocol.x402.X402Error;
import org.jspecify.annotations.Nullable;

/// A hub in memory that keeps the protocol. Subclasses lie.
public class FakeHub implements Http {
  static final Network NETWORK = Network.of(31337);
  static final Address VAULT = Address.of("0x00000000000000000000000000000000000000aa");
  static final Address TOKEN = Address.of("0x00000000000000000000000000000000000000bb");
  public static final SigningKey ALICE =
      SigningKey.of("0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6");
  static final Bytes32 TRANSACTION = Bytes32.of("0x" + "ab".repeat(32));

  public Amount price = Amount.of(1000);
  Amount minDeposit = Amount.of(10_000);
  public Amount charged = Amount.ZERO;
  Amount balance = Amount.ZERO;
  Amount claimed = Amount.ZERO;
  boolean known;
  @Nullable SignedVoucher newest;
  int served;

  /// Every paid request, as it came.
  final List<PaymentPayload> received = new ArrayList<>();

  @Override
  public Answer send(HttpRequest request) throws IOException {
    var header = request.headers().firstValue(Headers.PAYMENT_SIGNATURE);
    if (header.isEmpty()) return unpaid();
    if (!(PaymentPayload.ofHeader(header.get()) instanceof Parsed.Ok<PaymentPayload>(var paid))) {
      throw new AssertionError("cannot be read: " + header.get());
    }
    received.add(paid);
    return answer(paid);
  }

  Answer answer(PaymentPayload paid) throws IOException {
    return switch (paid.payload()) {
      case ChannelPayload.DepositPayload(var config, var voucher, var deposit) -> {
        known = true;
        balance = balance.plus(deposit.amount());
        yield charge(config.payerAuthorizer(), voucher, Optional.of(deposit.amount()));
      }
      case ChannelPayload.VoucherPayload(var config, var voucher) ->
          known
              ? charge(config.payerAuthorizer(), voucher, Optional.empty())
              : refused(X402Error.CHANNEL_NOT_FOUND);
      case ChannelPayload.RefundPayload(_, var voucher, var amount) -> refund(voucher, amount);
    };
  }

  Answer charge(Address signer, SignedVoucher voucher, Optional<Amount> deposited) {
    var domain = Deployment.CANONICAL.domain(NETWORK);
    if (domain.verify(voucher, signer).isEmpty()) return refused(X402Error.VOUCHER_SIGNATURE);
    if (!voucher.voucher().ceiling().equals(charged.plus(price))) {
      return corrective(state(voucher), newest);
    }
    if (voucher.voucher().ceiling().exceeds(balance)) {
      return refused(X402Error.CUMULATIVE_EXCEEDS_BALANCE);
    }
    newest = voucher;
    charged = voucher.voucher().ceiling();
    served++;
    return receipt(state(voucher), price, deposited);
  }

  private Answer refund(SignedVoucher voucher, Optional<Amount> amount) {
    if (!voucher.voucher().ceiling().equals(charged)) return corrective(state(voucher), newest);
    var back = amount.orElse(balance.minus(charged)).min(balance.minus(charged));
    balance = balance.minus(back);
    var response =
        SettleResponse.refunded(NETWORK, ALICE.address(), TRANSACTION, back, state(voucher));
    return reply(200, Map.of(Headers.PAYMENT_RESPONSE, List.of(response.toHeader())), "refunded");
  }

  ChannelState state(SignedVoucher voucher) {
    return state(voucher.voucher().channelId(), charged);
  }

  ChannelState state(ChannelId id, Amount owed) {
    return new ChannelState(id, balance, claimed, 0, BigInteger.ZERO, owed);
  }

  PaymentRequirements offer() {
    return new PaymentRequirements(
        NETWORK, price, TOKEN, VAULT, 300, Extra.of("USD Coin", "1", VAULT, 900, minDeposit));
  }

  Answer unpaid() {
    return refused(X402Error.PAYMENT_REQUIRED);
  }

  Answer refused(X402Error error) {
    return required(error, offer());
  }

  Answer corrective(ChannelState state, @Nullable SignedVoucher shown) {
    var voucher =
        Optional.ofNullable(shown)
            .map(held -> new VoucherState(held.voucher().ceiling(), held.signature()));
    return required(X402Error.CUMULATIVE_AMOUNT_MISMATCH, offer().correctedBy(state, voucher));
  }

  private static Answer required(X402Error error, PaymentRequirements offer) {
    var required =
        PaymentRequired.of(error, new Resource("http://hub/x", "", ""), offer, Extensions.OFFER);
    return reply(402, Map.of(Headers.PAYMENT_REQUIRED, List.of(required.toHeader())), "{}");
  }

  Answer receipt(ChannelState state, Amount amount, Optional<Amount> deposited) {
    var response =
        deposited.isPresent()
            ? SettleResponse.deposited(
                NETWORK, ALICE.address(), TRANSACTION, deposited.get(), state, amount)
            : SettleResponse.charged(NETWORK, ALICE.address(), state, amount);
    return reply(200, Map.of(Headers.PAYMENT_RESPONSE, List.of(response.toHeader())), "content");
  }

  static Answer reply(int status, Map<String, List<String>> headers, String body) {
    return new Answer(
        status, HttpHeaders.of(headers, (_, _) -> true), body.getBytes(StandardCharsets.UTF_8));
  }
}
