package millrace.payer.cli;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import millrace.payer.FileStore;
import millrace.payer.Payer;
import millrace.payer.SpendLimits;
import millrace.payer.Web3jPayerChain;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Deployment;
import millrace.protocol.x402.Network;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Who pays, from which store, within which limits. Every command has these.
final class PayerOptions {
  static final String KEY_VARIABLE = "MILLRACE_PAYER_KEY";
  private static final String RPC_VARIABLE = "MILLRACE_RPC_URL";

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(
      names = "--key",
      paramLabel = "HEX",
      description =
          "The payer's private key. Others on this machine can read it from the list of "
              + "processes: prefer --key-file or the variable "
              + KEY_VARIABLE
              + ".")
  @Nullable String key;

  @Option(names = "--key-file", paramLabel = "FILE", description = "A file that holds the key.")
  @Nullable Path keyFile;

  @Option(
      names = "--rpc-url",
      paramLabel = "URL",
      description =
          "JSON-RPC of the chain, to check what the hub says and to leave without it. "
              + "Default: the variable "
              + RPC_VARIABLE
              + ".")
  @Nullable URI rpcUrl;

  @Option(
      names = "--chain-id",
      paramLabel = "ID",
      defaultValue = "31337",
      description = "The chain to pay on (${DEFAULT-VALUE}).")
  BigInteger chainId = BigInteger.valueOf(31_337);

  @Option(
      names = "--store",
      paramLabel = "DIR",
      defaultValue = "${sys:user.home}/.millrace/payer",
      description = "Where channels are remembered (${DEFAULT-VALUE}).")
  Path store = Path.of(".");

  @Option(
      names = "--max-amount",
      paramLabel = "UNITS",
      defaultValue = "100000",
      converter = AmountConverter.class,
      description = "The most to pay for one request, in base units (${DEFAULT-VALUE}).")
  Amount maxAmount = Amount.of(100_000);

  @Option(
      names = "--max-locked",
      paramLabel = "UNITS",
      defaultValue = "5000000",
      converter = AmountConverter.class,
      description = "The most that may lie unspent in one channel (${DEFAULT-VALUE}).")
  Amount maxLocked = Amount.of(5_000_000);

  @Option(
      names = "--asset",
      paramLabel = "ADDRESS",
      description = "Pay only in this token. Repeatable; default any.")
  String @Nullable [] assets;

  @Option(
      names = "--hub",
      paramLabel = "ADDRESS",
      description = "Pay only to this hub's vault. Repeatable; default any.")
  String @Nullable [] hubs;

  @Option(names = "--json", description = "Print one JSON object instead of the body.")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress on standard error.")
  boolean quiet;

  Payer payer() {
    var key = signingKey();
    var limits =
        SpendLimits.of(maxAmount, maxLocked)
            .onlyOn(Set.of(new Network(chainId)))
            .onlyIn(addresses(assets))
            .onlyTo(addresses(hubs));
    var builder = Payer.with(key, limits).store(FileStore.in(store));
    rpc()
        .ifPresent(
            url ->
                builder.chain(
                    new Web3jPayerChain(url, chainId, Deployment.CANONICAL.channels(), key)));
    return builder.build();
  }

  FileStore fileStore() {
    return FileStore.in(store);
  }

  private Optional<URI> rpc() {
    return Optional.ofNullable(rpcUrl)
        .or(() -> Optional.ofNullable(System.getenv(RPC_VARIABLE)).map(URI::create));
  }

  private SigningKey signingKey() {
    try {
      return SigningKey.of(prefixed(keyText().strip()));
    } catch (IllegalArgumentException wrong) {
      throw usage("the key is not 32 bytes of hexadecimal, or no key of this curve");
    }
  }

  private String keyText() {
    if (key != null) return key;
    if (keyFile != null) {
      try {
        return Files.readString(keyFile);
      } catch (IOException e) {
        throw usage("the key file cannot be read: " + e.getMessage());
      }
    }
    var variable = System.getenv(KEY_VARIABLE);
    if (variable == null) {
      throw usage("no key: give --key-file, or set the variable " + KEY_VARIABLE);
    }
    return variable;
  }

  private static String prefixed(String hex) {
    return hex.startsWith("0x") ? hex : "0x" + hex;
  }

  private Set<Address> addresses(String @Nullable [] texts) {
    try {
      return Stream.ofNullable(texts)
          .flatMap(Stream::of)
          .map(Address::of)
          .collect(Collectors.toSet());
    } catch (IllegalArgumentException wrong) {
      throw usage("not an address: " + String.valueOf(wrong.getMessage()));
    }
  }

  ParameterException usage(String message) {
    if (spec == null) throw new IllegalStateException("not part of a command");
    return new ParameterException(spec.commandLine(), message);
  }
}
