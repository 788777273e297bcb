package millrace.payer;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import millrace.contracts.PaymentChannels;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.exceptions.ClientConnectionException;
import org.web3j.protocol.exceptions.TransactionException;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.RawTransactionManager;
import org.web3j.tx.gas.DynamicGasProvider;

/// The channel contract through a JSON-RPC node. Only a withdrawal costs the payer gas.
public final class Web3jPayerChain implements PayerChain, AutoCloseable {
  private static final int MINED_ATTEMPTS = 300;
  private static final int MINED_PAUSE_MILLIS = 1000;

  private final Web3j web3j;
  private final PaymentChannels channels;

  public Web3jPayerChain(URI rpc, BigInteger chainId, Address contract, SigningKey key) {
    web3j = Web3j.build(new HttpService(rpc.toString()));
    channels =
        PaymentChannels.load(
            contract.toString(),
            web3j,
            new RawTransactionManager(
                web3j,
                Credentials.create(key.secret().toString()),
                chainId.longValueExact(),
                MINED_ATTEMPTS,
                MINED_PAUSE_MILLIS),
            new DynamicGasProvider(web3j));
  }

  @Override
  public OnChain read(ChannelId id) throws IOException {
    var held = call(channels.channels(id.toArray()));
    var pending = call(channels.pendingWithdrawals(id.toArray()));
    return new OnChain(
        new Amount(held.component1()),
        new Amount(held.component2()),
        pending.component2().signum() == 0
            ? Optional.empty()
            : Optional.of(
                new Withdrawal(
                    new Amount(pending.component1()),
                    Instant.ofEpochSecond(pending.component2().longValueExact()))));
  }

  @Override
  public Bytes32 initiateWithdraw(ChannelConfig config, Amount amount) throws IOException {
    return mined(channels.initiateWithdraw(struct(config), amount.units()));
  }

  @Override
  public Bytes32 finalizeWithdraw(ChannelConfig config) throws IOException {
    return mined(channels.finalizeWithdraw(struct(config)));
  }

  @Override
  public void close() {
    web3j.shutdown();
  }

  private static PaymentChannels.ChannelConfig struct(ChannelConfig config) {
    return new PaymentChannels.ChannelConfig(
        config.payer().toString(),
        config.payerAuthorizer().toString(),
        config.receiver().toString(),
        config.receiverAuthorizer().toString(),
        config.token().toString(),
        BigInteger.valueOf(config.withdrawDelaySeconds()),
        config.salt().toArray());
  }

  private static Bytes32 mined(RemoteFunctionCall<TransactionReceipt> transaction)
      throws IOException {
    var receipt = call(transaction);
    if (!receipt.isStatusOK()) throw new ChainRefusal("reverted: " + receipt.getTransactionHash());
    return Bytes32.of(receipt.getTransactionHash());
  }

  /// web3j's calls throw just `Exception`.
  private static <T> T call(RemoteFunctionCall<T> remote) throws IOException {
    try {
      return remote.send();
    } catch (IOException e) {
      throw e;
    } catch (ClientConnectionException e) {
      throw new IOException("the node cannot be asked", e);
    } catch (TransactionException refused) {
      throw new ChainRefusal(String.valueOf(refused.getMessage()));
    } catch (RuntimeException refused) {
      // So web3j says that the node would not take or estimate the transaction.
      throw new ChainRefusal(String.valueOf(refused.getMessage()));
    } catch (Exception e) {
      throw new IOException("the node's answer makes no sense", e);
    }
  }
}
