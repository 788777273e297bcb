package millrace.watchtower.merchant;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.chain.contract.ContractCalls;
import millrace.chain.contract.PayeeReader;
import millrace.chain.contract.PayeeReader.PayeeView;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcSettings;
import millrace.contracts.HubVault;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import org.awaitility.Awaitility;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Uint128;

/// A vault with one payee, seen from its administrator and from its hub.
final class VaultScene {
  private static final List<String> ALLOWED = List.of("redeem", "withdrawFor");

  private final DevChain chain;
  private final Terms terms;
  private final Rpc rpc;
  private final PayeeReader reader;

  VaultScene(DevChain chain, Address payee) {
    var deployed = chain.deployment();
    this.chain = chain;
    this.terms =
        new Terms(
            BigInteger.valueOf(deployed.chainId()),
            deployed.channels(),
            deployed.vault(),
            payee,
            deployed.token());
    this.rpc =
        new Rpc(
            new RpcSettings(
                List.of(URI.create(chain.rpcUrl())), terms.chainId(), Duration.ofSeconds(10), 3));
    this.reader =
        new PayeeReader(rpc, terms.channels(), terms.vault(), terms.payee(), terms.token());
    chain.setBalance(DevAccount.DEPLOYER.address(), BigInteger.TEN.pow(20));
    send(DevAccount.SETTLEMENT.address(), ContractCalls.announcePayee(payee));
    Awaitility.await().until(() -> view().activeFrom() != 0);
  }

  Terms terms() {
    return terms;
  }

  DevChain chain() {
    return chain;
  }

  Address payee() {
    return terms.payee();
  }

  void fillVault(Amount amount) {
    chain.mint(terms.vault(), amount);
  }

  SignedPromise promise(Amount cumulative) {
    return promiseBy(MerchantTowerIT.hubKey(), cumulative);
  }

  SignedPromise promiseBy(SigningKey key, Amount cumulative) {
    return Samples.promise(terms, key, cumulative.units().longValueExact());
  }

  SignedPromise promiseTo(Address other, Amount cumulative) {
    var theirs = new Terms(terms.chainId(), terms.channels(), terms.vault(), other, terms.token());
    return Samples.promise(theirs, MerchantTowerIT.hubKey(), cumulative.units().longValueExact());
  }

  Amount credited() {
    return view().credited();
  }

  PayeeView view() {
    return reader.view(rpc.head(), List.of());
  }

  void announceTake(Amount amount) {
    askForTake(amount);
    long asked = chain.blockNumber();
    Awaitility.await().until(() -> view().takeAnnouncedAt() != 0 || asked < chain.blockNumber());
  }

  void askForTake(Amount amount) {
    send(
        DevAccount.DEPLOYER.address(),
        call(
            HubVault.FUNC_ANNOUNCETAKE,
            new org.web3j.abi.datatypes.Address(terms.token().toString()),
            new Uint128(amount.units())));
  }

  void removePromiseKey() {
    send(
        DevAccount.DEPLOYER.address(),
        call(
            HubVault.FUNC_REMOVEPROMISEKEY,
            new org.web3j.abi.datatypes.Address(DevAccount.SETTLEMENT.address().toString())));
  }

  Bytes32 headHash() {
    return rpc.head().hash();
  }

  /// Whether the block is in the chain.
  boolean has(Bytes32 hash) {
    return rpc.block(hash)
        .flatMap(block -> rpc.block(block.number()))
        .filter(block -> block.hash().equals(hash))
        .isPresent();
  }

  BigInteger baseFee() {
    return rpc.head().baseFeeWei();
  }

  boolean isPending(Address account) {
    return rpc.transactionCount(account, millrace.chain.rpc.BlockRef.PENDING)
        > rpc.transactionCount(account, millrace.chain.rpc.BlockRef.LATEST);
  }

  /// Every transaction that the account ever sent is one of two calls of the vault, without ether,
  /// about this payee.
  void onlyVaultCallsFrom(Address account) {
    var selectors =
        ALLOWED.stream().map(name -> Optional.of(name).map(this::selector).orElseThrow()).toList();
    for (long block = 0; block <= chain.blockNumber(); block++) {
      var full = chain.rpc("eth_getBlockByNumber", "0x" + Long.toHexString(block), true);
      for (var transaction : full.path("transactions")) {
        if (!transaction.path("from").asString().equalsIgnoreCase(account.toString())) continue;
        assertThat(Address.of(transaction.path("to").asString())).isEqualTo(terms.vault());
        assertThat(transaction.path("value").asString()).isEqualTo("0x0");
        var input = transaction.path("input").asString();
        assertThat(input.substring(0, 10)).isIn(selectors);
        assertThat(input.substring(34, 74)).isEqualTo(payee().toString().substring(2));
      }
    }
  }

  private String selector(String function) {
    var text =
        function.equals("redeem")
            ? PayeeReader.redeem(
                payee(), terms.token(), Amount.ZERO, promise(Amount.of(1)).signature())
            : PayeeReader.withdrawFor(payee(), terms.token());
    return text.toString().substring(0, 10);
  }

  private static Bytes call(String function, Type<?>... arguments) {
    return Bytes.of(FunctionEncoder.encode(new Function(function, List.of(arguments), List.of())));
  }

  private void send(Address from, Bytes data) {
    chain.rpc("anvil_impersonateAccount", from.toString());
    chain.rpc(
        "eth_sendTransaction",
        Map.of("from", from.toString(), "to", terms.vault().toString(), "data", data.toString()));
  }
}
