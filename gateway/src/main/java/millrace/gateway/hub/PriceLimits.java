package millrace.gateway.hub;

import java.util.Optional;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.messaging.command.PriceLimitView;
import millrace.protocol.type.Amount;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// How much channel-service charges at once at most, as it last said: what is above is not offered,
/// because it could never be paid. A look now and then, so nobody waits for it; until the first one
/// everything is offered, and channel-service refuses what it must.
@Component
public class PriceLimits {
  private static final Logger LOG = LoggerFactory.getLogger(PriceLimits.class);

  private final Hub hub;
  private volatile Optional<PriceLimitView> last = Optional.empty();

  PriceLimits(Hub hub) {
    this.hub = hub;
  }

  @Scheduled(fixedDelayString = "${millrace.gateway.price-limit:10s}")
  void look() {
    try {
      last = Optional.of(hub.priceLimit());
    } catch (HubException | HubConnection.HubContractException later) {
      LOG.debug("the price limit is asked for later", later);
    }
  }

  /// Lets no price pass that could never be paid.
  ///
  /// @param field of the request that says the price
  public void require(Amount price, String field) {
    exceeded(price).ifPresent(limit -> refuse(limit, field));
  }

  /// For what was put up for sale before the limit was lowered. Only what is not paid yet is asked
  /// about: what was paid before is answered as it was.
  public void requireServed(Amount price) {
    if (exceeded(price).isPresent()) throw tooHigh().asException();
  }

  public static Problem tooHigh() {
    return Problem.of(
        ProblemCode.PRICE_ABOVE_LIMIT,
        "The hub does not charge as much at once. Nothing was charged, and trying again does not"
            + " help.");
  }

  private Optional<PriceLimitView> exceeded(Amount price) {
    return last.filter(limit -> limit.most().filter(price::exceeds).isPresent());
  }

  private static void refuse(PriceLimitView limit, String field) {
    var most = limit.most().orElseThrow().toString();
    throw Problem.of(
            ProblemCode.PRICE_ABOVE_LIMIT,
            field
                + " is at most "
                + most
                + ": this hub never charges more at once. Its operator may raise "
                + limit.setting()
                + ".")
        .about(field)
        .with("limit", most)
        .asException();
  }
}
