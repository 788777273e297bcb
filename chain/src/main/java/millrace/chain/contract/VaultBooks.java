package millrace.chain.contract;

import java.math.BigInteger;
import java.util.List;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Call;
import millrace.chain.rpc.Rpc;
import millrace.contracts.DevToken;
import millrace.contracts.HubVault;
import millrace.contracts.PaymentChannels;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// All of the hub's money in one token, as the contracts say at one block.
public final class VaultBooks {
  private final Rpc rpc;
  private final Address channels;
  private final Address vault;
  private final Address token;

  public VaultBooks(Rpc rpc, Address channels, Address vault, Address token) {
    this.rpc = rpc;
    this.channels = channels;
    this.vault = vault;
    this.token = token;
  }

  /// @param held tokens of the vault
  /// @param owed credited to payees and not withdrawn
  /// @param credited ever
  /// @param claimed for the vault, ever
  /// @param settled claimed and moved into the vault, ever
  /// @param escrow tokens of the channel contract, other receivers' included
  public record Books(
      Amount held, Amount owed, Amount credited, Amount claimed, Amount settled, Amount escrow) {
    /// Claimed, and still in the channel contract.
    public Amount unsettled() {
      return claimed.minusOrZero(settled);
    }

    /// What the vault can credit: it fetches what is unsettled before it credits anybody.
    public Amount free() {
      return held.minusOrZero(owed).plus(unsettled());
    }
  }

  public Books at(BlockRef block) {
    var tokenArgument = ContractCalls.address(token);
    var vaultArgument = ContractCalls.address(vault);
    var words =
        read(
            List.of(
                call(token, ContractCalls.encode(DevToken.FUNC_BALANCEOF, vaultArgument)),
                call(vault, ContractCalls.encode(HubVault.FUNC_OWED, tokenArgument)),
                call(vault, ContractCalls.encode(HubVault.FUNC_CREDITEDTOTAL, tokenArgument)),
                call(
                    channels,
                    ContractCalls.encode(
                        PaymentChannels.FUNC_RECEIVERS, vaultArgument, tokenArgument)),
                call(
                    token,
                    ContractCalls.encode(
                        DevToken.FUNC_BALANCEOF, ContractCalls.address(channels)))),
            block);
    return new Books(
        saturated(words.get(0).number(0)),
        saturated(words.get(1).number(0)),
        saturated(words.get(2).number(0)),
        words.get(3).amount(0),
        words.get(3).amount(1),
        saturated(words.get(4).number(0)));
  }

  /// What the administrator has announced to take out of free money and could still take.
  ///
  /// @param nowSeconds time of the block
  public Amount announcedTake(BlockRef block, long nowSeconds) {
    var words =
        read(
            List.of(
                call(
                    vault,
                    ContractCalls.encode(
                        HubVault.FUNC_ANNOUNCEDTAKE, ContractCalls.address(token))),
                call(vault, ContractCalls.encode(HubVault.FUNC_DELAY)),
                call(vault, ContractCalls.encode(HubVault.FUNC_TAKE_WINDOW))),
            block);
    long announcedAt = words.get(0).seconds(1);
    long until = announcedAt + words.get(1).seconds(0) + words.get(2).seconds(0);
    return announcedAt == 0 || nowSeconds >= until ? Amount.ZERO : words.get(0).amount(0);
  }

  private List<AbiWords> read(List<Call> calls, BlockRef block) {
    return rpc.callAll(calls, block).stream()
        .map(result -> new AbiWords(result.returned()))
        .toList();
  }

  private static Call call(Address contract, Bytes data) {
    return new Call(contract, data);
  }

  /// Contracts count in uint256; nobody holds more than uint128 of a token we take.
  private static Amount saturated(BigInteger units) {
    return units.bitLength() > Amount.BITS ? Amount.MAX : new Amount(units);
  }
}
