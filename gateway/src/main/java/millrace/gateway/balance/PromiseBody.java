package millrace.gateway.balance;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Signature;
import millrace.protocol.vault.VaultDomain;

/// A promise of the hub, with all that it takes to check it.
@Schema(name = "Promise")
record PromiseBody(
    @Schema(example = "promise") String object,
    boolean livemode,
    @Schema(implementation = String.class) Address payee,
    @Schema(implementation = String.class) Address asset,
    @Schema(implementation = String.class) Address vault,
    @JsonProperty("chain_id") long chainId,
    @Schema(
            implementation = String.class,
            description = "All that the payee was ever promised; what is credited is part of it")
        Amount cumulative,
    @Schema(example = "6") int decimals,
    @Schema(implementation = String.class) Signature signature,
    @Schema(
            implementation = String.class,
            description = "Whose signature it is; the vault knows whether it honours that key")
        Address key,
    @JsonProperty("issued_at") Instant issuedAt,
    @JsonProperty("typed_data") TypedData typedData) {
  static PromiseBody of(PromiseIssued promise, HubTerms terms, boolean live) {
    long chainId = terms.chainId().longValueExact();
    return new PromiseBody(
        "promise",
        live,
        promise.payee(),
        promise.token(),
        terms.vault(),
        chainId,
        promise.cumulative(),
        terms.token().decimals(),
        promise.signature(),
        promise.key(),
        promise.at(),
        new TypedData(
            TypedData.TYPES,
            "Promise",
            new Domain(VaultDomain.NAME, VaultDomain.VERSION, chainId, terms.vault()),
            new Message(promise.payee(), promise.token(), promise.cumulative())));
  }

  @Schema(
      name = "PromiseTypedData",
      description = "What is signed, as EIP-712 libraries and wallets take it")
  record TypedData(
      Map<String, List<Field>> types,
      @JsonProperty("primaryType") String primaryType,
      Domain domain,
      Message message) {
    static final Map<String, List<Field>> TYPES =
        Map.of(
            "EIP712Domain",
            List.of(
                new Field("name", "string"),
                new Field("version", "string"),
                new Field("chainId", "uint256"),
                new Field("verifyingContract", "address")),
            "Promise",
            List.of(
                new Field("payee", "address"),
                new Field("token", "address"),
                new Field("cumulative", "uint128")));
  }

  @Schema(name = "PromiseTypedDataField")
  record Field(String name, String type) {}

  @Schema(name = "PromiseDomain")
  record Domain(
      String name,
      String version,
      @JsonProperty("chainId") long chainId,
      @JsonProperty("verifyingContract") @Schema(implementation = String.class)
          Address verifyingContract) {}

  @Schema(name = "PromiseMessage")
  record Message(
      @Schema(implementation = String.class) Address payee,
      @Schema(implementation = String.class) Address token,
      @Schema(implementation = String.class) Amount cumulative) {}
}
