package millrace.chain;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import millrace.chain.follower.FollowerSettings;
import millrace.chain.rpc.RpcSettings;
import millrace.chain.sender.SenderSettings;
import millrace.protocol.type.Address;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How a service reaches the chain and when it believes it.
///
/// @param rpcUrls nodes in order of preference
/// @param confirmations how many blocks, itself included, make a block final; 1: at once
/// @param startBlock where a new database begins: the block the contracts were deployed in
/// @param maxReorgDepth a deeper reorganisation stops the service from following
/// @param maxHeadAge an older newest block is not believed to be the newest; zero: any is
/// @param resumeFrom after the follower stopped at a deep reorganisation: the last block from which
///     an operator wants it to go on
/// @param maxFeeWei what is offered per unit of gas at most
/// @param senderLease how soon another process sends for an account whose sender is silent
/// @param gasReserveWei with less than this an account is reported as low
@ConfigurationProperties("millrace.chain")
public record ChainProperties(
    List<URI> rpcUrls,
    @DefaultValue("3") int confirmations,
    @DefaultValue("1s") Duration pollInterval,
    @DefaultValue("0") long startBlock,
    @DefaultValue("64") int maxReorgDepth,
    @Nullable Long resumeFrom,
    @DefaultValue("0s") Duration maxHeadAge,
    @DefaultValue("5s") Duration requestTimeout,
    @DefaultValue("3") int requestAttempts,
    @DefaultValue("15s") Duration resendAfter,
    @DefaultValue("60s") Duration replaceAfter,
    @DefaultValue("500000000000") BigInteger maxFeeWei,
    @DefaultValue("16") int maxInFlight,
    @DefaultValue("10s") Duration senderLease,
    @DefaultValue("50000000000000000") BigInteger gasReserveWei) {

  public RpcSettings rpc(BigInteger chainId) {
    return new RpcSettings(rpcUrls, chainId, requestTimeout, requestAttempts);
  }

  public FollowerSettings follower(List<Address> contracts) {
    return new FollowerSettings(
        contracts,
        confirmations,
        maxReorgDepth,
        startBlock,
        Optional.ofNullable(resumeFrom),
        pollInterval);
  }

  public SenderSettings sender(BigInteger chainId) {
    return new SenderSettings(
        chainId,
        confirmations,
        pollInterval,
        resendAfter,
        replaceAfter,
        maxFeeWei,
        maxInFlight,
        senderLease,
        gasReserveWei);
  }
}
