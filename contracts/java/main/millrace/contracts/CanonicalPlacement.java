package millrace.contracts;

/// Puts our contracts where stock clients look for them, on a development chain.
///
/// The code of a contract has values in it that its constructor worked out, here the EIP-712
/// domain, which names the contract's own address. So code deployed elsewhere and copied would
/// carry the wrong one. Instead the *creating* code is put at the address and called: it runs there
/// as a constructor would, and what it returns is the finished code for that very address. Nothing
/// a constructor writes to storage survives this; these two write nothing.
public final class CanonicalPlacement {
  /// What is needed of the development chain.
  public interface DevelopmentChain {
    /// Replaces the code at an address (`anvil_setCode`).
    void setCode(String address, String code);

    /// Returns what a call without arguments to an address returns (`eth_call` with data `0x`).
    String call(String address);
  }

  private CanonicalPlacement() {}

  /// Places the channel contract and the collector. Repeating it does no harm: storage stays.
  public static void place(DevelopmentChain chain) {
    place(chain, CanonicalAddresses.PAYMENT_CHANNELS, Artifacts.paymentChannels());
    place(
        chain,
        CanonicalAddresses.ERC3009_DEPOSIT_COLLECTOR,
        Artifacts.erc3009DepositCollector(CanonicalAddresses.PAYMENT_CHANNELS));
  }

  private static void place(DevelopmentChain chain, String address, String creatingCode) {
    chain.setCode(address, creatingCode);
    String code = chain.call(address);
    if (code.length() <= 2) {
      throw new IllegalStateException("the constructor returned no code at " + address);
    }
    chain.setCode(address, code);
  }
}
