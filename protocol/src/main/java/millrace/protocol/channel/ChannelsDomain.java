package millrace.protocol.channel;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import millrace.protocol.eip712.Eip712Domain;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.eip712.Secp256k1Keys;
import millrace.protocol.eip712.Words;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;

/// The typed data of one channel contract on one chain: x402 `batch-settlement`, version 1.
public final class ChannelsDomain {
  public static final String NAME = "x402 Batch Settlement";
  public static final String VERSION = "1";

  private static final byte[] CHANNEL_CONFIG =
      Words.typeHash(
          "ChannelConfig(address payer,address payerAuthorizer,address receiver,"
              + "address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)");
  private static final byte[] VOUCHER =
      Words.typeHash("Voucher(bytes32 channelId,uint128 maxClaimableAmount)");
  private static final byte[] REFUND =
      Words.typeHash("Refund(bytes32 channelId,uint256 nonce,uint128 amount)");
  private static final String CLAIM_ENTRY_TYPE =
      "ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)";
  private static final byte[] CLAIM_ENTRY = Words.typeHash(CLAIM_ENTRY_TYPE);
  private static final byte[] CLAIM_BATCH =
      Words.typeHash("ClaimBatch(ClaimEntry[] claims)" + CLAIM_ENTRY_TYPE);

  private final BigInteger chainId;
  private final Address contract;
  private final Eip712Domain domain;

  public ChannelsDomain(BigInteger chainId, Address contract) {
    this.chainId = chainId;
    this.contract = contract;
    this.domain = new Eip712Domain(NAME, VERSION, chainId, contract);
  }

  public BigInteger chainId() {
    return chainId;
  }

  public Address contract() {
    return contract;
  }

  public Bytes32 separator() {
    return domain.separator();
  }

  public ChannelId channelId(ChannelConfig config) {
    return ChannelId.of(
        domain.digest(
            Words.struct(CHANNEL_CONFIG, 7)
                .put(config.payer())
                .put(config.payerAuthorizer())
                .put(config.receiver())
                .put(config.receiverAuthorizer())
                .put(config.token())
                .put(config.withdrawDelaySeconds())
                .put(config.salt())
                .hash()));
  }

  public byte[] digest(Voucher voucher) {
    return domain.digest(
        Words.struct(VOUCHER, 2).put(voucher.channelId().hash()).put(voucher.ceiling()).hash());
  }

  public byte[] refundDigest(ChannelId channelId, BigInteger refundNonce, Amount amount) {
    return domain.digest(
        Words.struct(REFUND, 3).put(channelId.hash()).put(refundNonce).put(amount).hash());
  }

  public byte[] claimBatchDigest(List<ClaimEntry> claims) {
    byte[][] entries =
        claims.stream()
            .map(
                claim ->
                    Words.struct(CLAIM_ENTRY, 3)
                        .put(claim.channelId().hash())
                        .put(claim.ceiling())
                        .put(claim.totalClaimed())
                        .hash())
            .toArray(byte[][]::new);
    return domain.digest(Words.struct(CLAIM_BATCH, 1).raw(Keccak.hash(entries)).hash());
  }

  /// Empty unless the channel's voucher key made the signature. A zero voucher key (contract
  /// wallets, EIP-1271) never verifies, because no signature recovers to it; and that is wanted,
  /// because such a voucher can be revoked after service.
  public Optional<VerifiedVoucher> verify(SignedVoucher signed, Address payerAuthorizer) {
    return Secp256k1Keys.recover(digest(signed.voucher()), signed.signature())
        .filter(payerAuthorizer::equals)
        .map(signer -> new VerifiedVoucher(signed));
  }

  /// As [#verify(SignedVoucher, Address)], and the voucher must be of the channel with these terms:
  /// for terms that came with the voucher, from the same stranger.
  public Optional<VerifiedVoucher> verify(SignedVoucher signed, ChannelConfig config) {
    return channelId(config).equals(signed.voucher().channelId())
        ? verify(signed, config.payerAuthorizer())
        : Optional.empty();
  }

  /// One row of a claim as the receiver authorizer signs it.
  public record ClaimEntry(ChannelId channelId, Amount ceiling, Amount totalClaimed) {}
}
