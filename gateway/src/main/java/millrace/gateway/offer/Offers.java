package millrace.gateway.offer;

import java.time.Clock;
import java.util.Optional;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.ChannelPayload.DepositPayload;
import millrace.protocol.x402.Extra;
import millrace.protocol.x402.Network;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequirements;
import millrace.protocol.x402.Resource;
import millrace.protocol.x402.Terms;
import millrace.protocol.x402.X402Error;

/// Makes offers from this hub's terms, and says whether a payload takes one. No clock but the
/// given one, no I/O: an unpaid request needs nothing else.
public final class Offers {
  /// Compact claims pack amounts into 96 bits; a higher price could not be claimed that way.
  public static final Amount MAX_PRICE =
      new Amount(java.math.BigInteger.ONE.shiftLeft(96).subtract(java.math.BigInteger.ONE));

  /// One deposit should last for a few payments: each costs the hub gas.
  private static final int PRICES_PER_DEPOSIT = 5;

  private final HubTerms terms;
  private final long maxTimeoutSeconds;
  private final Clock clock;
  private final Network network;
  private final ChannelsDomain domain;

  public Offers(HubTerms terms, long maxTimeoutSeconds, Clock clock) {
    this.terms = terms;
    this.maxTimeoutSeconds = maxTimeoutSeconds;
    this.clock = clock;
    this.network = new Network(terms.chainId());
    this.domain = terms.domain();
  }

  public Network network() {
    return network;
  }

  public HubTerms terms() {
    return terms;
  }

  public Offer of(Amount price, Resource resource) {
    var extra =
        Extra.of(
            terms.token().name(),
            terms.token().version(),
            terms.vault(),
            terms.withdrawDelaySeconds(),
            terms.minDeposit().max(price.times(PRICES_PER_DEPOSIT)));
    return new Offer(
        new PaymentRequirements(
            network, price, terms.token().address(), terms.vault(), maxTimeoutSeconds, extra),
        resource);
  }

  /// What is wrong with the payload as an answer to the offer, before anyone looks at money.
  public Optional<X402Error> objection(PaymentPayload payment, Offer offer) {
    var requirements = offer.requirements();
    if (!requirements.matches(payment.accepted())) {
      return Optional.of(X402Error.NO_MATCHING_REQUIREMENTS);
    }
    var objection = Terms.check(payment.payload(), requirements, domain);
    if (objection.isEmpty() && payment.payload() instanceof DepositPayload deposit) {
      return Terms.checkDeposit(deposit, requirements, terms.collector(), clock.instant());
    }
    return objection;
  }
}
