package millrace.payer;

/// Why this side did not pay.
public enum Objection {
  NO_OFFER("the answer 402 names no terms of scheme batch-settlement"),
  PRICE("the price is above the limit for one payment"),
  NETWORK("the network is not an allowed one"),
  ASSET("the asset is not an allowed one"),
  HUB("the receiver is not an allowed one"),
  NO_AUTHORIZER("the terms name no receiver authorizer, so nothing could be refunded"),
  WITHDRAW_DELAY("the withdraw delay is above the limit"),
  AUTHORIZATION_TOO_LONG("the deposit authorisation would live longer than the limit"),
  DEPOSIT("the channel needs a deposit above the limit"),
  DEPOSIT_UNDER_WAY("a smaller deposit is under way; wait for it, or until it has expired"),
  DEPOSIT_IN_DOUBT("a deposit got no answer before it expired; only the chain can tell"),
  WITHDRAWING("the channel is being withdrawn"),
  BELIED("the hub claims to be owed what this key did not sign, or had refused to take"),
  NO_CHANNEL("there is no such channel"),
  NOTHING_LEFT("the channel holds nothing that is not owed"),
  CHAIN_UNKNOWN("this needs the chain, and no connection to one was given");

  private final String text;

  Objection(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
