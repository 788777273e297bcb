package millrace.settlement.payout;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import org.jspecify.annotations.Nullable;

/// One transaction that credits payees with what they were promised, and pays them.
@Entity
@SuppressWarnings("UnusedVariable") // Some columns are only read by people.
@Table(name = "credit_batch")
class CreditBatch {
  enum State {
    SENDING,
    CONFIRMED,
    FAILED
  }

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private @Nullable Long id;

  private Address token;

  @Enumerated(EnumType.STRING)
  private State state;

  private int payeeCount;
  private @Nullable String detail;
  private @Nullable Bytes32 transaction;
  private @Nullable Long block;
  private @Nullable Long gasUsed;
  private Instant createdAt;
  private @Nullable Instant endedAt;

  @SuppressWarnings("NullAway.Init") // Filled in when read.
  protected CreditBatch() {}

  CreditBatch(Address token, int payeeCount, Instant now) {
    this.token = token;
    this.state = State.SENDING;
    this.payeeCount = payeeCount;
    this.createdAt = now;
  }

  long id() {
    if (id == null) throw new IllegalStateException("a batch has no number before it is saved");
    return id;
  }

  boolean isSending() {
    return state == State.SENDING;
  }

  /// Where it was mined, if it was.
  Optional<Long> block() {
    return Optional.ofNullable(block);
  }

  Optional<Bytes32> transaction() {
    return Optional.ofNullable(transaction);
  }

  /// When it was ended, or made if it goes on.
  Instant changedAt() {
    return endedAt == null ? createdAt : endedAt;
  }

  void confirm(Bytes32 inTransaction, long inBlock, long gas, Instant now) {
    state = State.CONFIRMED;
    transaction = inTransaction;
    block = inBlock;
    gasUsed = gas;
    endedAt = now;
  }

  void fail(String why, Instant now) {
    state = State.FAILED;
    detail = why;
    endedAt = now;
  }
}
