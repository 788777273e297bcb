package millrace.watchtower.merchant;

import static millrace.watchtower.merchant.Samples.KEY;
import static millrace.watchtower.merchant.Samples.NEXT_KEY;
import static millrace.watchtower.merchant.Samples.TERMS;
import static millrace.watchtower.merchant.Samples.address;
import static millrace.watchtower.merchant.Samples.promise;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.chain.contract.PayeeReader.PromiseKey;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.watchtower.merchant.Held.Intake;
import org.junit.jupiter.api.Test;

class HeldTest {
  private static final Held FIVE = new Held(List.of(promise(500)));

  @Test
  void aHigherPromiseReplacesALowerOneOfTheSameKey() {
    assertThat(FIVE.take(promise(600), TERMS))
        .isEqualTo(new Intake.Taken(new Held(List.of(promise(600))), Optional.empty()));
  }

  @Test
  void whatIsHeldIsKnown() {
    assertThat(FIVE.take(promise(500), TERMS)).isEqualTo(new Intake.Known());
  }

  @Test
  void aLowerPromiseIsRefusedAndChangesNothing() {
    assertThat(FIVE.take(promise(499), TERMS)).isInstanceOf(Intake.Refused.class);
  }

  @Test
  void aPromiseThatSomebodyElseSignedIsRefused() {
    var honest = promise(700);
    var forged =
        new SignedPromise(
            honest.payee(),
            honest.token(),
            honest.cumulative(),
            promise(TERMS, NEXT_KEY, 700).signature(),
            KEY.address(),
            honest.vault());
    assertThat(FIVE.take(forged, TERMS)).isInstanceOf(Intake.Refused.class);
  }

  @Test
  void aSignatureOfAnotherAmountIsRefused() {
    var honest = promise(700);
    var changed =
        new SignedPromise(
            honest.payee(),
            honest.token(),
            Amount.of(900),
            honest.signature(),
            honest.key(),
            honest.vault());
    assertThat(FIVE.take(changed, TERMS)).isInstanceOf(Intake.Refused.class);
  }

  @Test
  void aPromiseToAnotherPayeeOrOfAnotherTokenOrVaultIsRefused() {
    var others =
        List.of(
            new Terms(TERMS.chainId(), TERMS.channels(), TERMS.vault(), address(1), TERMS.token()),
            new Terms(TERMS.chainId(), TERMS.channels(), TERMS.vault(), TERMS.payee(), address(1)),
            new Terms(TERMS.chainId(), TERMS.channels(), address(1), TERMS.payee(), TERMS.token()));
    for (var other : others) {
      assertThat(FIVE.take(promise(other, KEY, 700), TERMS)).isInstanceOf(Intake.Refused.class);
    }
  }

  @Test
  void aPromiseOfAnotherKeyPushesNothingOut() {
    var taken = FIVE.take(promise(TERMS, NEXT_KEY, 900), TERMS);
    assertThat(taken)
        .isEqualTo(
            new Intake.Taken(
                new Held(List.of(promise(500), promise(TERMS, NEXT_KEY, 900))), Optional.empty()));
  }

  @Test
  void aLowerPromiseOfAnotherKeyIsTakenWithADoubt() {
    assertThat(FIVE.take(promise(TERMS, NEXT_KEY, 400), TERMS))
        .isInstanceOfSatisfying(Intake.Taken.class, taken -> assertThat(taken.doubt()).isPresent());
  }

  @Test
  void keysWithoutEndAreRefused() {
    var held = FIVE;
    for (int i = 1; i < Held.MAX_KEYS; i++) {
      var key = SigningKey.of("0x%064x".formatted(100 + i));
      held = ((Intake.Taken) held.take(promise(TERMS, key, 500), TERMS)).held();
    }
    assertThat(held.take(promise(TERMS, NEXT_KEY, 501), TERMS)).isInstanceOf(Intake.Refused.class);
    assertThat(held.take(promise(501), TERMS)).isInstanceOf(Intake.Taken.class);
  }

  @Test
  void theBestIsTheHighestOfAKeyThatIsHonouredNow() {
    var held = new Held(List.of(promise(500), promise(TERMS, NEXT_KEY, 900)));
    var known = new PromiseKey(100, 0);
    assertThat(held.best(Map.of(KEY.address(), known), 100)).contains(promise(500));
    assertThat(held.best(Map.of(KEY.address(), known, NEXT_KEY.address(), known), 100))
        .contains(promise(TERMS, NEXT_KEY, 900));
    assertThat(held.best(Map.of(KEY.address(), known), 99)).isEmpty();
    var removed = new PromiseKey(100, 200);
    assertThat(held.best(Map.of(KEY.address(), removed), 199)).contains(promise(500));
    assertThat(held.best(Map.of(KEY.address(), removed), 200)).isEmpty();
    assertThat(held.best(Map.of(), 100)).isEmpty();
  }
}
