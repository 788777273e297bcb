package millrace.embedded;

import java.time.Duration;
import millrace.protocol.type.Address;

/// What runs on a development chain and where. The token's name and version are those of its
/// EIP-712 domain.
public record DevDeployment(
    long chainId,
    String rpcUrl,
    Address token,
    String tokenName,
    String tokenVersion,
    int tokenDecimals,
    Address channels,
    Address collector,
    Address vault,
    Duration vaultDelay) {}
