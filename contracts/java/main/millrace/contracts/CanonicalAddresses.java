package millrace.contracts;

/// Where stock x402 clients expect the contracts of the scheme `batch-settlement`, on every chain.
/// They have these addresses in their code and take no others.
public final class CanonicalAddresses {
  public static final String PAYMENT_CHANNELS = "0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003";
  public static final String ERC3009_DEPOSIT_COLLECTOR =
      "0x4020806089470a89826cB9fB1f4059150b550004";

  private CanonicalAddresses() {}
}
