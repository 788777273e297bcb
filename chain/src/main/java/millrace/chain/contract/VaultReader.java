package millrace.chain.contract;

import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Call;
import millrace.chain.rpc.Rpc;
import millrace.contracts.HubVault;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// The vault's books, at one block.
public final class VaultReader {
  private final Rpc rpc;
  private final Address vault;

  public VaultReader(Rpc rpc, Address vault) {
    this.rpc = rpc;
    this.vault = vault;
  }

  /// All that a payee was credited and paid, ever, and from when on it may be credited without
  /// limit; zero if it was never announced.
  public record PayeeAccount(Amount credited, Amount paid, long activeFromSeconds) {
    public boolean announced() {
      return activeFromSeconds != 0;
    }
  }

  /// What the vault holds beyond what it owes.
  public Amount free(Address token, Bytes32 blockHash) {
    var data = ContractCalls.encode(HubVault.FUNC_FREE, ContractCalls.address(token));
    return saturated(read(List.of(data), blockHash).getFirst().number(0));
  }

  /// In the order asked for.
  public Map<Address, PayeeAccount> accounts(
      Collection<Address> payees, Address token, Bytes32 blockHash) {
    var calls =
        payees.stream()
            .flatMap(
                payee ->
                    List.of(
                        ContractCalls.encode(
                            HubVault.FUNC_ACCOUNT,
                            ContractCalls.address(payee),
                            ContractCalls.address(token)),
                        ContractCalls.encode(
                            HubVault.FUNC_ACTIVEFROM, ContractCalls.address(payee)))
                        .stream())
            .toList();
    var results = read(calls, blockHash).iterator();
    var accounts = new LinkedHashMap<Address, PayeeAccount>();
    for (var payee : payees) {
      var account = results.next();
      accounts.put(
          payee, new PayeeAccount(account.amount(0), account.amount(1), results.next().seconds(0)));
    }
    return accounts;
  }

  /// What is left today of the credit that payees announced only lately share.
  public Amount newPayeeCapLeft(Address token, Bytes32 blockHash) {
    var data = ContractCalls.encode(HubVault.FUNC_NEWPAYEECAP, ContractCalls.address(token));
    return read(List.of(data), blockHash).getFirst().amount(1);
  }

  private List<AbiWords> read(List<Bytes> calls, Bytes32 blockHash) {
    return rpc
        .callAll(calls.stream().map(data -> new Call(vault, data)).toList(), BlockRef.at(blockHash))
        .stream()
        .map(result -> new AbiWords(result.returned()))
        .toList();
  }

  /// The contract counts in uint256; nobody holds more than uint128 of a token we take.
  private static Amount saturated(BigInteger units) {
    return units.bitLength() > Amount.BITS ? Amount.MAX : new Amount(units);
  }
}
