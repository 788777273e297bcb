package millrace.embedded;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.generated.Uint256;
import tools.jackson.databind.JsonNode;

/// An EVM chain of one node on the loopback address, with our contracts on it and with power over
/// its time, its blocks and its forks. It stays in a directory.
///
/// A chain that was killed goes on from its last saved state, which for its users looks like a deep
/// reorganisation. After every start the blocks before the saved head have content but no state.
public final class DevChain implements AutoCloseable {
  static final long CHAIN_ID = 31_337;

  private static final Logger LOG = LoggerFactory.getLogger(DevChain.class);
  private static final BigInteger PLENTY_WEI = BigInteger.TEN.pow(20);

  private final Path directory;
  private final int port;
  private final List<String> options;
  private final Duration blockTime;
  private final boolean mixedMining;
  private final ChainState state;
  private final DevContracts contracts;
  private final Path fingerprint;
  private final DevDeployment deployment;
  private final DirectoryLock lock;
  private final @Nullable ExitHook hook;
  private final @Nullable PeriodicSave saving;
  private @Nullable Anvil anvil;
  private boolean closed;

  private DevChain(Builder builder) {
    directory = builder.directory;
    blockTime = builder.blockTime;
    mixedMining = builder.mixedMining;
    options = builder.options();
    state = new ChainState(directory.resolve("state.gz"));
    contracts = new DevContracts(builder.vaultDelay);
    fingerprint = directory.resolve("contracts");
    lock = DirectoryLock.take(directory);
    try {
      contracts.requireUnchanged(fingerprint);
      Anvil.rescueLeftover(directory, state);
      port = FreePort.orAny(builder.port, "the development chain");
      anvil = launch();
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
    deployment = deployment(builder.vaultDelay);
    hook = builder.stoppedByCaller ? null : ExitHook.run("dev-chain", this::close);
    saving =
        builder.saveEvery.isZero() ? null : PeriodicSave.start(builder.saveEvery, this::saveIfUp);
  }

  /// Describes a chain that stays in `directory`, which is made if it does not exist.
  public static Builder in(Path directory) {
    return new Builder(directory);
  }

  /// Puts the contracts onto a development chain that somebody else runs, at the same addresses.
  /// Safe to repeat.
  public static void deployTo(URI node) {
    new DevContracts(Builder.VAULT_DELAY).deploy(new JsonRpc(node));
  }

  /// How a chain is started.
  public static final class Builder {
    private static final Duration VAULT_DELAY = Duration.ofSeconds(10);

    private final Path directory;
    private int port;
    private Duration blockTime = Duration.ZERO;
    private boolean mixedMining;
    private Duration saveEvery = Duration.ofSeconds(2);
    private Duration vaultDelay = VAULT_DELAY;
    private boolean stoppedByCaller;

    private Builder(Path directory) {
      this.directory = directory.toAbsolutePath().normalize();
    }

    /// A fixed port. Without one the chain takes any that is free.
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /// A block every so many seconds. With 0, which is the default, every transaction gets a block
    /// of its own at once and there are no others.
    public Builder blockTimeSeconds(int seconds) {
      blockTime = Duration.ofSeconds(seconds);
      return this;
    }

    /// Beside the regular blocks, one at once for every transaction.
    public Builder mixedMining() {
      mixedMining = true;
      return this;
    }

    /// How often what is new is saved, beside at an orderly end; 0 for never. It is done less
    /// often when the chain is so long that it takes a while.
    public Builder saveEvery(Duration interval) {
      saveEvery = interval;
      return this;
    }

    /// The vault's delay for whatever its administrator announces.
    public Builder vaultDelay(Duration delay) {
      vaultDelay = delay;
      return this;
    }

    /// No shutdown hook: hooks run in no order, and whoever closes its users in order wants to
    /// close the chain after them.
    public Builder stoppedByCaller() {
      stoppedByCaller = true;
      return this;
    }

    public DevChain start() {
      return new DevChain(this);
    }

    private List<String> options() {
      var options = new ArrayList<String>();
      if (mixedMining && !blockTime.isZero()) {
        options.addAll(
            List.of("--block-time", Long.toString(blockTime.toSeconds()), "--mixed-mining"));
      }
      return options;
    }
  }

  public DevDeployment deployment() {
    return deployment;
  }

  public String rpcUrl() {
    return Anvil.url(port).toString();
  }

  /// Makes an account able to act: ether for gas, and so many more tokens.
  public void fund(Address account, Amount tokens) {
    setBalance(account, PLENTY_WEI);
    mint(account, tokens);
  }

  public void setBalance(Address account, BigInteger wei) {
    rpc("anvil_setBalance", account.toString(), Quantity.of(wei));
  }

  public void mint(Address account, Amount tokens) {
    var mint =
        new Function(
            "mint",
            List.of(
                new org.web3j.abi.datatypes.Address(account.toString()),
                new Uint256(tokens.units())),
            List.of());
    DevTransaction.send(
        rpc(), Map.of("to", DevContracts.TOKEN.toString(), "data", FunctionEncoder.encode(mint)));
  }

  public Amount tokenBalance(Address account) {
    var balanceOf =
        new Function(
            "balanceOf",
            List.of(new org.web3j.abi.datatypes.Address(account.toString())),
            List.of());
    var call =
        Map.of("to", DevContracts.TOKEN.toString(), "data", FunctionEncoder.encode(balanceOf));
    return new Amount(Quantity.read(rpc("eth_call", call, "latest")));
  }

  public long blockNumber() {
    return Quantity.read(rpc("eth_blockNumber")).longValueExact();
  }

  /// The time of the newest block.
  public Instant time() {
    var head = rpc("eth_getBlockByNumber", "latest", false);
    return Instant.ofEpochSecond(Quantity.read(head.path("timestamp")).longValueExact());
  }

  public void mine(int blocks) {
    rpc("anvil_mine", Quantity.of(blocks));
  }

  /// Moves the chain's clock ahead and mines a block there.
  public void increaseTime(Duration step) {
    rpc("evm_increaseTime", step.toSeconds());
    rpc("evm_mine");
  }

  public void setAutomine(boolean on) {
    rpc("evm_setAutomine", on);
  }

  /// Instead of a block per transaction.
  public void setIntervalMining(Duration interval) {
    rpc("evm_setIntervalMining", interval.toSeconds());
  }

  /// A state to [#revert(String)] to, once.
  public String snapshot() {
    return rpc("evm_snapshot").asString();
  }

  /// Takes back everything since: the head moves down.
  public void revert(String snapshot) {
    if (!rpc("evm_revert", snapshot).asBoolean()) {
      throw new IllegalArgumentException("no such snapshot, or one already used: " + snapshot);
    }
  }

  /// Replaces the newest blocks by as many empty ones, and adds one, as the longer branch that
  /// wins has it. The transactions of the old ones are gone for good.
  public void reorg(int depth) {
    rpc("anvil_reorg", depth, List.of());
    mine(1);
  }

  public void setNextBlockBaseFee(BigInteger wei) {
    rpc("anvil_setNextBlockBaseFeePerGas", Quantity.of(wei));
  }

  /// Takes a waiting transaction out of the pool, as a node may do at any time.
  public void dropTransaction(String hash) {
    rpc("anvil_dropTransaction", hash);
  }

  /// Any call, for what has no method here.
  ///
  /// @throws RpcException when the chain answers with an error
  public JsonNode rpc(String method, Object... parameters) {
    return rpc().call(method, parameters);
  }

  /// Stops in order and starts on the same port with the same blocks.
  public synchronized void restart() {
    requireOpen();
    stop();
    anvil = launch();
  }

  /// What is not saved is lost. It stays down until [#restart()].
  public synchronized void killImmediately() {
    requireOpen();
    var running = anvil;
    anvil = null;
    if (running != null) running.kill();
  }

  @Override
  public void close() {
    if (saving != null) saving.close();
    synchronized (this) {
      if (closed) return;
      closed = true;
      if (hook != null) hook.cancel();
      try {
        stop();
      } finally {
        lock.close();
      }
    }
  }

  private Anvil launch() {
    long begin = System.nanoTime();
    var started = Anvil.start(directory, port, options);
    try {
      if (state.exists()) state.load(started.rpc());
      contracts.deploy(started.rpc());
      contracts.remember(fingerprint);
      state.save(started.rpc());
      if (!blockTime.isZero() && !mixedMining) {
        started.rpc().call("evm_setIntervalMining", blockTime.toSeconds());
      }
    } catch (RuntimeException e) {
      started.kill();
      throw e;
    }
    LOG.info(
        "development chain on port {} after {} ms, state in {}",
        port,
        Duration.ofNanos(System.nanoTime() - begin).toMillis(),
        directory);
    return started;
  }

  private void stop() {
    var running = anvil;
    anvil = null;
    if (running == null) return;
    try {
      if (running.process().alive()) state.save(running.rpc());
    } finally {
      running.stop();
    }
  }

  private synchronized void saveIfUp() {
    if (anvil != null) state.save(anvil.rpc());
  }

  private synchronized JsonRpc rpc() {
    requireOpen();
    if (anvil == null) throw new IllegalStateException("the development chain is down");
    return anvil.rpc();
  }

  private void requireOpen() {
    if (closed) throw new IllegalStateException("this development chain was closed");
  }

  private DevDeployment deployment(Duration vaultDelay) {
    return new DevDeployment(
        CHAIN_ID,
        rpcUrl(),
        DevContracts.TOKEN,
        DevContracts.TOKEN_NAME,
        DevContracts.TOKEN_VERSION,
        DevContracts.TOKEN_DECIMALS,
        DevContracts.CHANNELS,
        DevContracts.COLLECTOR,
        DevContracts.VAULT,
        vaultDelay);
  }
}
