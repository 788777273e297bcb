package millrace.chain;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import millrace.chain.contract.ClaimRow;
import millrace.chain.contract.ContractEvents;
import millrace.chain.contract.DepositAuthorization;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcSettings;
import millrace.embedded.DevChain;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;

/// What payers sign for the hub on a development chain.
public record Hub(DevChain chain) {
  public static final long WITHDRAW_DELAY_SECONDS = 900;
  public static final BigInteger FOREVER = BigInteger.valueOf(4_000_000_000L);

  public BigInteger chainId() {
    return BigInteger.valueOf(chain.deployment().chainId());
  }

  public Rpc rpc() {
    return new Rpc(
        new RpcSettings(List.of(URI.create(chain.rpcUrl())), chainId(), Duration.ofSeconds(5), 2));
  }

  public ContractEvents events() {
    var deployed = chain.deployment();
    return new ContractEvents(deployed.channels(), deployed.vault(), deployed.token());
  }

  public ChannelConfig channelOf(SigningKey payer) {
    var deployed = chain.deployment();
    return new ChannelConfig(
        payer.address(),
        payer.address(),
        deployed.vault(),
        deployed.vault(),
        deployed.token(),
        WITHDRAW_DELAY_SECONDS,
        Bytes32.ZERO);
  }

  public ChannelsDomain domain() {
    return new ChannelsDomain(chainId(), chain.deployment().channels());
  }

  public ChannelId idOf(ChannelConfig config) {
    return domain().channelId(config);
  }

  public DepositAuthorization authorize(
      SigningKey payer, ChannelConfig config, Amount amount, BigInteger salt) {
    var deployed = chain.deployment();
    var domain =
        new TokenDomain(deployed.tokenName(), deployed.tokenVersion(), chainId(), deployed.token());
    var digest =
        domain.digest(
            payer.address(),
            deployed.collector(),
            amount,
            BigInteger.ZERO,
            FOREVER,
            TokenDomain.depositNonce(idOf(config), salt));
    return new DepositAuthorization(BigInteger.ZERO, FOREVER, salt, payer.sign(digest));
  }

  public ClaimRow row(SigningKey payer, ChannelConfig config, long ceiling, long totalClaimed) {
    var voucher = new Voucher(idOf(config), Amount.of(ceiling));
    var signature = payer.sign(domain().digest(voucher));
    return new ClaimRow(config, new SignedVoucher(voucher, signature), Amount.of(totalClaimed));
  }
}
