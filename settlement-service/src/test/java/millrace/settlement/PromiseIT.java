package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import millrace.embedded.DevAccount;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.BooksView;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.CreditSeen;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.protocol.type.Amount;
import millrace.protocol.vault.Promise;
import millrace.testkit.Persona;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

/// What merchants are promised, and that it is never more than there is.
class PromiseIT extends PromiseScene {
  @Test
  void aPromiseGrowsWithClaimedMoneyAndNobodyHasToAskForIt() throws Exception {
    earned(one, 30_000);
    earned(other, 10_000);
    var alice = funded(90_000);
    claimed(alice, 20_000);
    // Half of all that was earned is claimed, so everybody is promised the half of it.
    var half = promise(one, 15_000);
    promise(other, 5_000);
    assertThat(half.key()).isEqualTo(DevAccount.SETTLEMENT.address());
    assertThat(domain().signer(new Promise(one, token(), half.cumulative()), half.signature()))
        .contains(half.key());
    claimed(alice, 45_000);
    promise(one, 30_000);
    promise(other, 10_000);
    earned(one, 33_000);
    promise(one, 33_000);
    assertThat(highest(one).plus(highest(other)).units().longValueExact()).isEqualTo(43_000);
    var books =
        MessagingJson.strict().readValue(rig.get("/internal/books").toString(), BooksView.class);
    assertThat(books.kept().promised()).isEqualTo(43_000);
    assertThat(books.chain().claimed()).isEqualTo(Amount.of(45_000));
  }

  @Test
  void whatAMerchantRedeemedItselfIsKnownAndNotPaidAgain() {
    earned(one, 30_000);
    var alice = funded(90_000);
    claimed(alice, 30_000);
    var promise = promise(one, 30_000);
    rig.await("its payee is announced", () -> state(one).equals("ANNOUNCED"));

    redeem(promise);
    vaultCall(Persona.MALLORY.address(), "withdrawFor", address(one), address(token()));
    assertThat(chain.tokenBalance(one)).isEqualTo(Amount.of(30_000));

    rig.await(
        CreditSeen.class,
        seen -> seen.payee().equals(one) && seen.credited().equals(Amount.of(30_000)));
    var payout = payout(one, 30_000);
    rig.publish(payout);
    rig.await(PayoutConfirmed.class, paid -> paid.payoutId().equals(payout.payoutId()));
    earned(one, 31_000);
    claimed(alice, 45_000);
    promise(one, 31_000);
    var next = payout(one, 1_000);
    rig.publish(next);
    rig.await(PayoutConfirmed.class, paid -> paid.payoutId().equals(next.payoutId()));
    assertThat(chain.tokenBalance(one)).isEqualTo(Amount.of(31_000));
  }

  @Test
  void moneyThatTheAdministratorHasAnnouncedToTakeIsPromisedToNobody() {
    var alice = funded(90_000);
    claimed(alice, 40_000);
    vaultCall(DevAccount.DEPLOYER.address(), "announceTake", address(token()), uint128(25_000));
    earned(one, 40_000);
    promise(one, 15_000);
    claimed(alice, 60_000);
    promise(one, 35_000);
    assertThat(highest(one)).isEqualTo(Amount.of(35_000));
  }

  @Test
  void moneyThatWasClaimedBeyondTheChargeIsPromisedToNobody() {
    var alice = funded(90_000);
    claimed(alice, 40_000);
    var voucher = alice.voucher(40_000);
    rig.publish(alice.pay(40_000, voucher, 28_000));
    rig.await("it is noted", () -> count("SELECT count(*) FROM claimable WHERE due = 28000") == 1);
    earned(one, 40_000);
    promise(one, 28_000);
    assertThat(highest(one)).isEqualTo(Amount.of(28_000));
  }

  @Test
  void whatIsHeldOrWasGivenBackIsNotClaimed() {
    var alice = funded(90_000);
    rig.publish(alice.pay(40_000, alice.voucher(40_000), 28_000));
    rig.await(
        ClaimConfirmed.class,
        claim ->
            claim.channels().stream()
                    .filter(channel -> channel.channelId().equals(alice.channel()))
                    .allMatch(channel -> channel.totalClaimed().equals(Amount.of(28_000)))
                && claim.channels().stream()
                    .anyMatch(channel -> channel.channelId().equals(alice.channel())));
  }

  @Test
  void whatSomebodySentToTheVaultIsPromisedToNobody() {
    chain.mint(chain.deployment().vault(), Amount.of(7_000));
    var alice = funded(90_000);
    claimed(alice, 20_000);
    earned(one, 40_000);
    promise(one, 20_000);
    claimed(alice, 35_000);
    promise(one, 35_000);
    assertThat(highest(one)).isEqualTo(Amount.of(35_000));
  }

  @Test
  void aPayoutThatWaitsComesBeforeWhoeverAskedForNothing() {
    earned(other, 1_000_000);
    var payout = payout(one, 30_000);
    rig.publish(payout);
    rig.await("all of its money is missing", () -> shown("payout.shortfall") == 30_000);
    rig.await("its age is shown", () -> shown("payout.age.seconds") > 0);
    var alice = funded(90_000);
    claimed(alice, 20_000);
    claimed(alice, 32_000);
    rig.await(PayoutConfirmed.class, paid -> paid.payoutId().equals(payout.payoutId()));
    assertThat(shown("payout.age.seconds")).isZero();
    assertThat(shown("payout.shortfall")).isZero();
    promise(other, 2_000);
    assertThat(highest(other)).isEqualTo(Amount.of(2_000));
  }

  @Test
  void whatNobodyAsksForIsCreditedAfterAWhileAndSentWithTheNextPayout() {
    rig.close();
    rig = start("1s");
    earned(one, 30_000);
    var alice = funded(90_000);
    claimed(alice, 30_000);
    rig.await(
        CreditSeen.class,
        seen -> seen.payee().equals(one) && seen.credited().equals(Amount.of(30_000)));
    assertThat(chain.tokenBalance(one)).as("it stays in the vault").isEqualTo(Amount.ZERO);
    var payout = payout(one, 30_000);
    rig.publish(payout);
    rig.await(PayoutConfirmed.class, paid -> paid.payoutId().equals(payout.payoutId()));
    assertThat(chain.tokenBalance(one)).isEqualTo(Amount.of(30_000));
  }

  @Test
  void theDatabaseRefusesAPromiseThatFallsOrIsSignedBeforeItIsStored() {
    earned(one, 30_000);
    claimed(funded(90_000), 30_000);
    promise(one, 30_000);
    for (var change :
        List.of(
            "cumulative = cumulative - 1",
            "signed = signed - 1",
            "signed = cumulative + 1",
            "requested = cumulative + 1")) {
      assertThatThrownBy(() -> rig.jdbc().sql("UPDATE promise SET " + change).update())
          .as(change)
          .isInstanceOf(DataAccessException.class);
    }
  }

  private double shown(String metric) {
    return rig.bean(MeterRegistry.class).get("millrace.settlement." + metric).gauge().value();
  }
}
