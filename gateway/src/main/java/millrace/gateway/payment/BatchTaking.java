package millrace.gateway.payment;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import millrace.gateway.checkout.Attempt;
import millrace.gateway.checkout.Checkout;
import millrace.gateway.checkout.Purchase;
import millrace.gateway.payment.PaymentBodies.PaymentLine;
import millrace.gateway.payment.Taking.Order;
import millrace.gateway.payment.Taking.Result;
import millrace.gateway.problem.IdempotencyKey;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.ProblemException;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.protocol.type.MerchantId;
import millrace.protocol.x402.ChannelPayload.VoucherPayload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the payments of a batch as if each had come alone, in their order. What is wrong with one
/// is its own affair.
final class BatchTaking {
  private static final Logger LOG = LoggerFactory.getLogger(BatchTaking.class);

  private final Taking taking;
  private final Checkout checkout;
  private final BodyReader<PaymentLine> reader;
  private final DistributionSummary sizes;

  BatchTaking(
      Taking taking, Checkout checkout, BodyReader<PaymentLine> reader, MeterRegistry metrics) {
    this.taking = taking;
    this.checkout = checkout;
    this.reader = reader;
    this.sizes =
        DistributionSummary.builder("millrace.gateway.payment_batch.lines")
            .description("Payments in one call of a merchant")
            .register(metrics);
  }

  /// Answers in the order of the lines. Nothing is sent before all of them are read.
  List<Answer> take(MerchantId merchant, BatchBody body) {
    sizes.record(body.lines());
    var reads =
        IntStream.range(0, body.lines()).mapToObj(index -> read(merchant, body, index)).toList();
    var purchases = reads.stream().flatMap(Read::charged).toList();
    var charges = checkout.charge(purchases).iterator();
    var answers = new ArrayList<Answer>(reads.size());
    for (var read : reads) {
      answers.add(
          switch (read) {
            case Refused refused -> refused;
            case Ordered(var order, _) -> answer(order, charges.next());
          });
    }
    return answers;
  }

  private Read read(MerchantId merchant, BatchBody body, int index) {
    try {
      var order = order(merchant, body.line(index, reader::read));
      return new Ordered(order, taking.purchase(order));
    } catch (RuntimeException fault) {
      return Refused.because(fault);
    }
  }

  private Order order(MerchantId merchant, PaymentLine line) {
    var key = IdempotencyKey.of(line.idempotencyKey());
    var order = taking.order(merchant, key, line.request());
    if (order.payment().payload() instanceof VoucherPayload) return order;
    throw Problem.of(
            ProblemCode.NOT_IN_BATCH,
            "A deposit or refund waits for the chain: send it to /v1/payments.")
        .about("payment_signature")
        .asException();
  }

  private Answer answer(Order order, Attempt<Taken> charge) {
    try {
      return new Paid(taking.paid(order, charge, Optional.empty()));
    } catch (RuntimeException fault) {
      return Refused.because(fault);
    }
  }

  private sealed interface Read {
    default Stream<Purchase> charged() {
      return this instanceof Ordered(_, var purchase) ? Stream.of(purchase) : Stream.empty();
    }
  }

  private record Ordered(Order order, Purchase purchase) implements Read {}

  /// What the merchant is told of a line.
  sealed interface Answer {}

  record Paid(Result.Paid result) implements Answer {}

  record Refused(Problem problem) implements Answer, Read {
    /// A bug costs its own line only.
    static Refused because(RuntimeException fault) {
      if (fault instanceof ProblemException answer) return new Refused(answer.problem());
      LOG.error("a line of a batch failed", fault);
      return new Refused(Problem.internalError());
    }
  }
}
