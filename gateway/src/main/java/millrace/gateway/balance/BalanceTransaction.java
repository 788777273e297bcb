package millrace.gateway.balance;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import millrace.gateway.metadata.Metadata;
import millrace.protocol.type.Address;

/// One change of a merchant's balance.
///
/// @param amount before the fee; below zero where the balance fell
/// @param source the id of the payment, refund or payout that it comes of
/// @param metadata of the source
record BalanceTransaction(
    String id,
    Kind type,
    BigInteger amount,
    BigInteger fee,
    Address token,
    String source,
    Instant createdAt,
    Metadata metadata) {
  static final String PREFIX = "txn_";

  BigInteger net() {
    return amount.subtract(fee);
  }

  enum Kind {
    PAYMENT(1),
    REFUND(-1),
    REFUND_FAILURE(1),
    PAYOUT(-1),
    PAYOUT_FAILURE(1),
    PAYOUT_CANCEL(1);

    private final int sign;

    Kind(int sign) {
      this.sign = sign;
    }

    BigInteger signed(BigInteger amount) {
      return sign < 0 ? amount.negate() : amount;
    }

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Kind> ofWire(String text) {
      return Arrays.stream(values()).filter(type -> type.wire().equals(text)).findFirst();
    }
  }
}
