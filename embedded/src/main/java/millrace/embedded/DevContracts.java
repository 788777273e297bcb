package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import millrace.contracts.Artifacts;
import millrace.contracts.CanonicalAddresses;
import millrace.contracts.CanonicalPlacement;
import millrace.contracts.HubVault;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.type.Address;
import tools.jackson.databind.JsonNode;

/// Puts our contracts on a development chain, at the same addresses every time.
final class DevContracts {
  static final String TOKEN_NAME = "USD Coin";
  static final String TOKEN_VERSION = "1";
  static final int TOKEN_DECIMALS = 6;
  static final Address CHANNELS = Address.of(CanonicalAddresses.PAYMENT_CHANNELS);
  static final Address COLLECTOR = Address.of(CanonicalAddresses.ERC3009_DEPOSIT_COLLECTOR);

  /// Where the deployer's first and second transaction create a contract.
  static final Address TOKEN = Address.of("0x5fbdb2315678afecb367f032d93f642f64180aa3");

  static final Address VAULT = Address.of("0xe7f1725e7734ce288f8367e1bb143e90bb3f0512");

  /// A million dollars; a limit, but none that development meets.
  private static final BigInteger GENEROUS = BigInteger.TEN.pow(6 + TOKEN_DECIMALS);

  private final String vaultCode;

  DevContracts(Duration vaultDelay) {
    this.vaultCode = Artifacts.hubVault(settings(vaultDelay));
  }

  /// A kept chain has the contracts of the day it was made. Other ones would fail in ways that
  /// nobody understands.
  void requireUnchanged(Path fingerprint) {
    try {
      if (Files.exists(fingerprint) && !Files.readString(fingerprint).strip().equals(digest())) {
        throw new IllegalStateException(
            """
            the contracts or the vault's settings have changed since the chain in %s was made. \
            Remove that directory to begin a new chain, together with the databases of the \
            services that followed the old one"""
                .formatted(fingerprint.getParent()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + fingerprint, e);
    }
  }

  /// Safe to repeat after a kill in the middle.
  void deploy(JsonRpc rpc) {
    create(rpc, TOKEN, Artifacts.devToken());
    CanonicalPlacement.place(new Placement(rpc)); // The vault asks for the channel contract's code.
    create(rpc, VAULT, vaultCode);
  }

  /// For the next [#requireUnchanged(Path)].
  void remember(Path fingerprint) {
    try {
      WholeFile.write(fingerprint, digest() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + fingerprint, e);
    }
  }

  private static void create(JsonRpc rpc, Address expected, String code) {
    if (!"0x".equals(rpc.call("eth_getCode", expected.toString(), "latest").asString())) return;
    var receipt = DevTransaction.send(rpc, Map.of("data", code));
    var created = Address.of(receipt.path("contractAddress").asString());
    if (!created.equals(expected)) {
      throw new IllegalStateException(
          "the deployer has sent other transactions before: a contract is at %s instead of %s"
              .formatted(created, expected));
    }
  }

  private static HubVault.Settings settings(Duration delay) {
    var settlement = DevAccount.SETTLEMENT.address().toString();
    var watchtower = DevAccount.WATCHTOWER.address().toString();
    return new HubVault.Settings(
        CHANNELS.toString(),
        BigInteger.valueOf(delay.toSeconds()),
        DevAccount.DEPLOYER.address().toString(),
        settlement,
        List.of(settlement, watchtower),
        List.of(settlement),
        List.of(),
        List.of(new HubVault.TokenCaps(TOKEN.toString(), GENEROUS, GENEROUS)));
  }

  private String digest() {
    var all =
        Artifacts.devToken()
            + Artifacts.paymentChannels()
            + Artifacts.erc3009DepositCollector(CHANNELS.toString())
            + vaultCode;
    return HexFormat.of().formatHex(Keccak.hash(all.getBytes(StandardCharsets.US_ASCII)));
  }

  private record Placement(JsonRpc rpc) implements CanonicalPlacement.DevelopmentChain {
    @Override
    public void setCode(String address, String code) {
      rpc.call("anvil_setCode", address, code);
    }

    @Override
    public String call(String address) {
      JsonNode result = rpc.call("eth_call", Map.of("to", address, "data", "0x"), "latest");
      return result.asString();
    }
  }
}
