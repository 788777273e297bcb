package millrace.settlement.payout;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.SettlementEvent.PayoutCanceled;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/// What the ledger has set aside for a merchant, on its way out of the vault.
@Entity
@SuppressWarnings("UnusedVariable") // Some columns are only read by people.
@Table(name = "payout")
class Payout implements Persistable<String> {
  enum State {
    WAITING,
    /// Part of the payee's promise, so it will be paid sooner or later, by us or without us.
    PROMISED,
    PAID,
    FAILED,
    CANCELED
  }

  @Id private String id;

  /// In the order of arrival; the database counts.
  @Column(insertable = false, updatable = false)
  private long place;

  private String merchantId;
  private Address payee;
  private Address token;
  private Amount amount;

  @Enumerated(EnumType.STRING)
  private State state;

  private @Nullable Amount cumulative;
  private @Nullable Bytes32 transaction;
  private @Nullable String detail;
  private Instant requestedAt;
  private @Nullable Instant endedAt;

  @Transient private boolean stored;

  @SuppressWarnings("NullAway.Init") // Filled in when read.
  protected Payout() {}

  Payout(PayoutRequested event) {
    this.id = event.payoutId().value();
    this.merchantId = event.merchantId().value();
    this.payee = event.payee();
    this.token = event.token();
    this.amount = event.amount();
    this.state = State.WAITING;
    this.requestedAt = event.at();
  }

  @Override
  public String getId() {
    return id;
  }

  @Override
  public boolean isNew() {
    return !stored;
  }

  @PostLoad
  @PostPersist
  void markStored() {
    stored = true;
  }

  Address payee() {
    return payee;
  }

  Amount amount() {
    return amount;
  }

  MerchantId merchant() {
    return new MerchantId(merchantId);
  }

  Instant requestedAt() {
    return requestedAt;
  }

  boolean isWaiting() {
    return state == State.WAITING;
  }

  boolean isPromised() {
    return state == State.PROMISED;
  }

  /// Whether the vault credited its payee far enough.
  boolean isCoveredBy(Amount credited) {
    return state == State.PROMISED && cumulative != null && !cumulative.exceeds(credited);
  }

  void promise(Amount upTo) {
    if (state != State.WAITING) throw new IllegalStateException(id + " is " + state);
    state = State.PROMISED;
    cumulative = upTo;
  }

  PayoutConfirmed pay(Bytes32 inTransaction, Instant now) {
    state = State.PAID;
    transaction = inTransaction;
    endedAt = now;
    return new PayoutConfirmed(new PayoutId(id), merchant(), payee, token, amount, inTransaction);
  }

  PayoutCanceled cancel(Instant now) {
    if (state != State.WAITING) throw new IllegalStateException(id + " is " + state);
    state = State.CANCELED;
    endedAt = now;
    return new PayoutCanceled(new PayoutId(id), merchant(), token, amount);
  }

  /// Only while nothing is promised: a promise cannot be taken back.
  PayoutFailed fail(String why, Instant now) {
    if (state != State.WAITING) throw new IllegalStateException(id + " is " + state);
    state = State.FAILED;
    detail = why;
    endedAt = now;
    return new PayoutFailed(new PayoutId(id), merchant(), token, amount, why);
  }
}
