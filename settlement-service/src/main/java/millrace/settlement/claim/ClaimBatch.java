package millrace.settlement.claim;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import millrace.protocol.type.Bytes32;
import org.jspecify.annotations.Nullable;

/// One claim transaction. Its rows are in `claim_row`.
@Entity
@SuppressWarnings("UnusedVariable") // Some columns are only read by people.
@Table(name = "claim_batch")
class ClaimBatch {
  enum State {
    SENDING,
    CONFIRMED,
    FAILED
  }

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private @Nullable Long id;

  @Enumerated(EnumType.STRING)
  private ClaimReason reason;

  @Enumerated(EnumType.STRING)
  private State state;

  private int rowCount;
  private @Nullable String detail;
  private @Nullable Bytes32 transaction;
  private @Nullable Long gasUsed;
  private Instant createdAt;
  private @Nullable Instant endedAt;

  @SuppressWarnings("NullAway.Init") // Filled in when read.
  protected ClaimBatch() {}

  ClaimBatch(ClaimReason reason, int rowCount, Instant now) {
    this.reason = reason;
    this.state = State.SENDING;
    this.rowCount = rowCount;
    this.createdAt = now;
  }

  long id() {
    if (id == null) throw new IllegalStateException("a batch has no number before it is saved");
    return id;
  }

  boolean isSending() {
    return state == State.SENDING;
  }

  int rowCount() {
    return rowCount;
  }

  void confirm(Bytes32 inTransaction, long gas, Instant now) {
    state = State.CONFIRMED;
    transaction = inTransaction;
    gasUsed = gas;
    endedAt = now;
  }

  void fail(String why, Instant now) {
    state = State.FAILED;
    detail = why;
    endedAt = now;
  }
}
