package millrace.standalone.drill;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.http.HttpService;

/// Finds the transaction that claimed a channel, and what it cost.
final class ClaimSearch implements AutoCloseable {
  private final Web3j web3j;
  private final Address channels;

  ClaimSearch(URI rpc, Address channels) {
    this.web3j = Web3j.build(new HttpService(rpc.toString()));
    this.channels = channels;
  }

  /// @param blocks from the withdrawal's block to the claim's, the latter included
  record Claim(String transaction, String from, long blocks, BigInteger gas, BigInteger feeWei) {}

  /// The claim tells of its channel in a log of its own, or in one of a batch; either way the id
  /// stands in it.
  Optional<Claim> after(Bytes32 withdrawal, ChannelId channel) throws IOException {
    var announced = web3j.ethGetTransactionReceipt(withdrawal.toString()).send();
    var first = announced.getTransactionReceipt().orElseThrow().getBlockNumber();
    var filter =
        new EthFilter(
            DefaultBlockParameter.valueOf(first),
            DefaultBlockParameterName.LATEST,
            channels.toString());
    var id = channel.toString().substring(2);
    for (var result : web3j.ethGetLogs(filter).send().getLogs()) {
      if (!(result.get() instanceof Log log)) continue;
      if (log.getTransactionHash().equals(withdrawal.toString())) continue;
      boolean ofChannel =
          log.getData().contains(id) || log.getTopics().stream().anyMatch(t -> t.contains(id));
      if (ofChannel) return Optional.of(claim(log.getTransactionHash(), first));
    }
    return Optional.empty();
  }

  private Claim claim(String transaction, BigInteger first) throws IOException {
    var receipt =
        web3j.ethGetTransactionReceipt(transaction).send().getTransactionReceipt().orElseThrow();
    var price = new BigInteger(receipt.getEffectiveGasPrice().substring(2), 16);
    return new Claim(
        transaction,
        receipt.getFrom(),
        receipt.getBlockNumber().subtract(first).longValueExact(),
        receipt.getGasUsed(),
        receipt.getGasUsed().multiply(price));
  }

  @Override
  public void close() {
    web3j.shutdown();
  }
}
