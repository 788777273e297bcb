package millrace.gateway.checkout;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import millrace.gateway.checkout.Attempt.Denied;
import millrace.gateway.checkout.Attempt.Done;
import millrace.gateway.hub.Hub;
import millrace.gateway.hub.HubException;
import millrace.gateway.problem.ProblemCode;
import millrace.messaging.command.DepositCommand;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.RefundCommand;
import millrace.messaging.command.RefundOutcome;
import millrace.protocol.x402.ChannelPayload;
import millrace.protocol.x402.ChannelPayload.DepositPayload;
import millrace.protocol.x402.ChannelPayload.RefundPayload;
import millrace.protocol.x402.ChannelPayload.VoucherPayload;
import millrace.protocol.x402.X402Error;

/// Money into a channel and back out of it: both need the chain, so both are waited for.
public final class Treasury {
  private final Hub hub;
  private final CheckoutSettings settings;
  private final Bulkhead waiting;

  public Treasury(Hub hub, CheckoutSettings settings) {
    this.hub = hub;
    this.settings = settings;
    this.waiting =
        Bulkhead.of(
            "deposits",
            BulkheadConfig.custom()
                .maxConcurrentCalls(settings.longPolls())
                .maxWaitDuration(Duration.ZERO)
                .build());
  }

  /// Whatever the payload asks for.
  public Attempt<Funding> fund(ChannelPayload payload) {
    return switch (payload) {
      case VoucherPayload _ -> new Done<>(new Funding.Ready(Optional.empty()));
      case DepositPayload deposit ->
          deposit(deposit).map(done -> new Funding.Ready(Optional.of(done)));
      case RefundPayload refund -> refund(refund).map(Funding.PaidBack::new);
    };
  }

  public Attempt<DepositOutcome.Confirmed> deposit(DepositPayload payload) {
    var deposit = payload.deposit();
    var command =
        new DepositCommand(
            payload.channelConfig(),
            payload.voucher(),
            deposit.amount(),
            deposit.validAfterSeconds(),
            deposit.validBeforeSeconds(),
            new BigInteger(1, deposit.salt().toArray()),
            deposit.signature());
    return waited(
        wait -> hub.deposit(command, wait),
        outcome ->
            switch (outcome) {
              case DepositOutcome.Pending _ -> Optional.empty();
              case DepositOutcome.Confirmed confirmed -> Optional.of(new Done<>(confirmed));
              case DepositOutcome.Failed failed ->
                  Optional.of(new Denied<>(Denial.because(failed.reason())));
              case DepositOutcome.Refused refused ->
                  Optional.of(
                      new Denied<>(
                          Denial.because(refused.reason(), Optional.empty(), Optional.empty())));
            });
  }

  public Attempt<RefundOutcome.Confirmed> refund(RefundPayload payload) {
    var command = new RefundCommand(payload.channelConfig(), payload.voucher(), payload.amount());
    return waited(
        wait -> hub.refund(command, wait),
        outcome ->
            switch (outcome) {
              case RefundOutcome.Pending _ -> Optional.empty();
              case RefundOutcome.Confirmed confirmed -> Optional.of(new Done<>(confirmed));
              case RefundOutcome.Failed _ ->
                  Optional.of(new Denied<>(Denial.onChain(X402Error.REFUND_TRANSACTION_FAILED)));
              case RefundOutcome.Refused refused ->
                  Optional.of(
                      new Denied<>(
                          Denial.because(refused.reason(), refused.channel(), refused.newest())));
            });
  }

  private <O, T> Attempt<T> waited(
      Function<Duration, O> question, Function<O, Optional<Attempt<T>>> end) {
    try {
      Supplier<Attempt<T>> asking = () -> ask(question, end);
      return waiting.executeSupplier(asking);
    } catch (BulkheadFullException full) {
      return new Denied<>(
          Denial.prevented(ProblemCode.UNAVAILABLE, "Too many deposits are waiting.", 5));
    }
  }

  /// Asks until there is an end. Once a question was heard, silence is waited out as well.
  private <O, T> Attempt<T> ask(
      Function<Duration, O> question, Function<O, Optional<Attempt<T>>> end) {
    var patience = Patience.of(settings.depositWait());
    boolean heard = false;
    do {
      var left = patience.left();
      try {
        var answer =
            end.apply(
                question.apply(
                    left.compareTo(settings.pollWait()) < 0 ? left : settings.pollWait()));
        if (answer.isPresent()) return answer.get();
        heard = true;
      } catch (HubException unanswered) {
        if (!heard && unanswered.outcomeKnown()) throw unanswered;
        heard = true;
      }
    } while (patience.pause());
    return new Denied<>(
        Denial.prevented(
            ProblemCode.OUTCOME_UNKNOWN,
            "The chain has not confirmed it yet; send the same request again.",
            5));
  }
}
