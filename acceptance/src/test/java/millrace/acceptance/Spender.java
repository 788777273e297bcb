package millrace.acceptance;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.util.Set;
import millrace.payer.FileStore;
import millrace.payer.Outcome;
import millrace.payer.Payer;
import millrace.payer.PayerChannel;
import millrace.payer.Receipt;
import millrace.payer.SpendLimits;
import millrace.payer.Web3jPayerChain;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Deployment;

/// A payer of our own library, with money, and with the chain at hand.
record Spender(SigningKey key, Payer payer, Web3jPayerChain chain) {
  private static final Amount POCKET = Amount.of(1_000_000_000L);
  private static final SpendLimits LIMITS =
      SpendLimits.of(Amount.of(100_000), Amount.of(10_000_000)).onlyOn(Set.of(Hub.NETWORK));

  static Spender at(Hub hub, String name) {
    return at(hub, name, Clock.systemUTC());
  }

  /// @param clock the payer's; authorisations live by the time of the chain
  static Spender at(Hub hub, String name, Clock clock) {
    var key = Merchant.fresh(name);
    hub.chain().fund(key.address(), POCKET);
    var chain =
        new Web3jPayerChain(
            URI.create(hub.chain().rpcUrl()),
            Hub.NETWORK.chainId(),
            Deployment.CANONICAL.channels(),
            key);
    var payer =
        Payer.with(key, LIMITS)
            .store(FileStore.in(hub.directory().resolve("payers").resolve(name)))
            .chain(chain)
            .clock(clock)
            .build();
    return new Spender(key, payer, chain);
  }

  Outcome pay(URI url) throws InterruptedException {
    return payer.fetch(HttpRequest.newBuilder(url).build());
  }

  /// A payment that nothing may go wrong with.
  Receipt mustPay(URI url) throws InterruptedException {
    return paid(pay(url));
  }

  /// A first payment that brings so much into the channel.
  Receipt mustOpen(URI url, Amount deposit) throws InterruptedException {
    return paid(payer.topUp(HttpRequest.newBuilder(url).build(), deposit));
  }

  private static Receipt paid(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Paid(var answer, var receipt) when answer.isSuccess() -> receipt;
      case Outcome other -> throw new AssertionError("not paid: " + describe(other));
    };
  }

  PayerChannel channel() {
    var channels = payer.channels();
    if (channels.size() != 1) throw new AssertionError("channels: " + channels);
    return channels.getFirst();
  }

  static String describe(Outcome outcome) {
    return outcome + outcome.response().map(answer -> " " + answer.text()).orElse("");
  }
}
