package millrace.chain.contract;

import java.math.BigInteger;
import java.util.List;
import millrace.chain.rpc.Bytes;
import millrace.contracts.HubVault;
import millrace.contracts.PaymentChannels;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import org.web3j.abi.DefaultFunctionEncoder;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Uint128;
import org.web3j.abi.datatypes.generated.Uint256;

/// The calldata of everything the hub sends, and of what a payer sends to leave.
public final class ContractCalls {
  private ContractCalls() {}

  /// `claim` of the vault, and of the channel contract: they take the same rows.
  public static Bytes claim(List<ClaimRow> rows) {
    var claims = rows.stream().map(ContractCalls::voucherClaim).toList();
    return encode(HubVault.FUNC_CLAIM, new DynamicArray<>(HubVault.VoucherClaim.class, claims));
  }

  /// `claimCompactRows` of the vault, and of the channel contract. The rows share the receiver's
  /// terms.
  static Bytes claimCompactRows(List<ClaimRow> rows) {
    return encode(
        HubVault.FUNC_CLAIMCOMPACTROWS, new DynamicBytes(PackedRows.batch(rows).toArray()));
  }

  /// `refund` of the vault: claims the row and gives `amount` of the rest back to the payer.
  public static Bytes refund(ClaimRow row, Amount amount) {
    return encode(HubVault.FUNC_REFUND, voucherClaim(row), uint128(amount));
  }

  /// `credit` of the vault, which sweeps settled claims in first.
  public static Bytes credit(Address token, List<PromisedTotal> rows, boolean push) {
    var words = rows.stream().map(PromisedTotal::word).map(ContractCalls::bytes32).toList();
    return encode(
        HubVault.FUNC_CREDIT,
        address(token),
        new DynamicArray<>(org.web3j.abi.datatypes.generated.Bytes32.class, words),
        new Bool(push));
  }

  public static Bytes announcePayee(Address payee) {
    return encode(HubVault.FUNC_ANNOUNCEPAYEE, address(payee));
  }

  /// `deposit` of the channel contract by the EIP-3009 collector.
  public static Bytes deposit(
      ChannelConfig config, Amount amount, Address collector, DepositAuthorization authorization) {
    var collectorData =
        new DefaultFunctionEncoder()
            .encodeParameters(
                List.of(
                    new Uint256(authorization.validAfter()),
                    new Uint256(authorization.validBefore()),
                    new Uint256(authorization.salt()),
                    new DynamicBytes(authorization.signature().toArray())));
    return encode(
        PaymentChannels.FUNC_DEPOSIT,
        channelConfig(config),
        uint128(amount),
        address(collector),
        new DynamicBytes(Bytes.of("0x" + collectorData).toArray()));
  }

  public static Bytes settle(Address receiver, Address token) {
    return encode(PaymentChannels.FUNC_SETTLE, address(receiver), address(token));
  }

  /// The payer's first step out of a channel.
  public static Bytes initiateWithdraw(ChannelConfig config, Amount amount) {
    return encode(PaymentChannels.FUNC_INITIATEWITHDRAW, channelConfig(config), uint128(amount));
  }

  /// The payer's second step, when the delay is over.
  public static Bytes finalizeWithdraw(ChannelConfig config) {
    return encode(PaymentChannels.FUNC_FINALIZEWITHDRAW, channelConfig(config));
  }

  static Bytes encode(String function, Type<?>... arguments) {
    return Bytes.of(FunctionEncoder.encode(new Function(function, List.of(arguments), List.of())));
  }

  private static HubVault.VoucherClaim voucherClaim(ClaimRow row) {
    var signed = row.voucher();
    return new HubVault.VoucherClaim(
        new HubVault.Voucher(channelConfig(row.config()), signed.voucher().ceiling().units()),
        signed.signature().toArray(),
        row.totalClaimed().units());
  }

  private static HubVault.ChannelConfig channelConfig(ChannelConfig config) {
    return new HubVault.ChannelConfig(
        config.payer().toString(),
        config.payerAuthorizer().toString(),
        config.receiver().toString(),
        config.receiverAuthorizer().toString(),
        config.token().toString(),
        BigInteger.valueOf(config.withdrawDelaySeconds()),
        config.salt().toArray());
  }

  static org.web3j.abi.datatypes.Address address(Address address) {
    return new org.web3j.abi.datatypes.Address(address.toString());
  }

  private static org.web3j.abi.datatypes.generated.Bytes32 bytes32(Bytes32 word) {
    return new org.web3j.abi.datatypes.generated.Bytes32(word.toArray());
  }

  private static Uint128 uint128(Amount amount) {
    return new Uint128(amount.units());
  }
}
