package millrace.chain.contract;

import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.chain.rpc.BlockHeader;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Call;
import millrace.chain.rpc.Rpc;
import millrace.contracts.HubVault;
import millrace.contracts.PaymentChannels;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// What one payee must know of a vault to be paid by it, at one block.
public final class PayeeReader {
  private final Rpc rpc;
  private final Address channels;
  private final Address vault;
  private final Address payee;
  private final Address token;

  public PayeeReader(Rpc rpc, Address channels, Address vault, Address payee, Address token) {
    this.rpc = rpc;
    this.channels = channels;
    this.vault = vault;
    this.payee = payee;
    this.token = token;
  }

  /// Times are seconds of the chain's clock, 0 where there is none.
  ///
  /// @param credited all that the payee was ever credited
  /// @param paid all that it was ever paid of it
  /// @param activeFrom when it can be credited without limit; 0 if it was never announced
  /// @param newPayeeCapLeft what payees before that time can be credited together today
  /// @param free what the vault could credit, with what is on its way to it
  /// @param take what the administrator announced to take
  /// @param takeAnnouncedAt when
  /// @param takeWindow for how many seconds after the delay it can be taken
  /// @param keys the promise keys that were asked for
  public record PayeeView(
      long block,
      long time,
      Amount credited,
      Amount paid,
      long activeFrom,
      Amount newPayeeCapLeft,
      Amount free,
      Amount take,
      long takeAnnouncedAt,
      long takeWindow,
      long delay,
      Map<Address, PromiseKey> keys) {
    public PayeeView {
      keys = Map.copyOf(keys);
    }

    public Amount unpaid() {
      return credited.minusOrZero(paid);
    }
  }

  /// @param from when its promises begin to be honoured; 0 for a key that the vault does not know
  /// @param until when they end to be; 0 while it was not removed
  public record PromiseKey(long from, long until) {
    public static final PromiseKey UNKNOWN = new PromiseKey(0, 0);

    public boolean isHonouredAt(long time) {
      return from != 0 && from <= time && (until == 0 || time < until);
    }
  }

  public PayeeView view(BlockHeader head, Collection<Address> keys) {
    var asked = List.copyOf(keys);
    var ofPayee = ContractCalls.address(payee);
    var ofToken = ContractCalls.address(token);
    var first =
        Stream.of(
            ofVault(HubVault.FUNC_ACCOUNT, ofPayee, ofToken),
            ofVault(HubVault.FUNC_ACTIVEFROM, ofPayee),
            ofVault(HubVault.FUNC_NEWPAYEECAP, ofToken),
            ofVault(HubVault.FUNC_FREE, ofToken),
            ofVault(HubVault.FUNC_ANNOUNCEDTAKE, ofToken),
            ofVault(HubVault.FUNC_DELAY),
            ofVault(HubVault.FUNC_TAKE_WINDOW),
            new Call(
                channels,
                ContractCalls.encode(
                    PaymentChannels.FUNC_RECEIVERS, ContractCalls.address(vault), ofToken)));
    var ofKeys =
        asked.stream().map(key -> ofVault(HubVault.FUNC_PROMISEKEY, ContractCalls.address(key)));
    var words =
        rpc.callAll(Stream.concat(first, ofKeys).toList(), BlockRef.at(head.hash())).stream()
            .map(result -> new AbiWords(result.returned()))
            .toList();
    var found = new HashMap<Address, PromiseKey>();
    for (int i = 0; i < asked.size(); i++) {
      var key = words.get(8 + i);
      found.put(asked.get(i), new PromiseKey(key.seconds(0), key.seconds(1)));
    }
    var unsettled = words.get(7).amount(0).minusOrZero(words.get(7).amount(1));
    return new PayeeView(
        head.number(),
        head.timestamp().getEpochSecond(),
        words.get(0).amount(0),
        words.get(0).amount(1),
        words.get(1).seconds(0),
        words.get(2).amount(1),
        saturated(words.get(3).number(0).add(unsettled.units())),
        words.get(4).amount(0),
        words.get(4).seconds(1),
        words.get(6).seconds(0),
        words.get(5).seconds(0),
        found);
  }

  private Call ofVault(String function, org.web3j.abi.datatypes.Type<?>... arguments) {
    return new Call(vault, ContractCalls.encode(function, arguments));
  }

  private static Amount saturated(BigInteger units) {
    return units.bitLength() > Amount.BITS ? Amount.MAX : new Amount(units);
  }

  /// `redeem` of the vault: whoever sends it, the money can only become the payee's.
  public static Bytes redeem(
      Address payee, Address token, Amount cumulative, millrace.protocol.type.Signature signature) {
    return ContractCalls.encode(
        HubVault.FUNC_REDEEM,
        ContractCalls.address(payee),
        ContractCalls.address(token),
        new org.web3j.abi.datatypes.generated.Uint128(cumulative.units()),
        new org.web3j.abi.datatypes.DynamicBytes(signature.toArray()));
  }

  /// `withdrawFor` of the vault: pays the payee's credit to the payee.
  public static Bytes withdrawFor(Address payee, Address token) {
    return ContractCalls.encode(
        HubVault.FUNC_WITHDRAWFOR, ContractCalls.address(payee), ContractCalls.address(token));
  }
}
