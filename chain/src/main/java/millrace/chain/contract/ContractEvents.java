package millrace.chain.contract;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.chain.contract.ContractEvent.AuthorizationUsed;
import millrace.chain.contract.ContractEvent.ChannelCreated;
import millrace.chain.contract.ContractEvent.Claimed;
import millrace.chain.contract.ContractEvent.Credited;
import millrace.chain.contract.ContractEvent.Deposited;
import millrace.chain.contract.ContractEvent.Paid;
import millrace.chain.contract.ContractEvent.PaidInFull;
import millrace.chain.contract.ContractEvent.PushFailed;
import millrace.chain.contract.ContractEvent.Refunded;
import millrace.chain.contract.ContractEvent.RowSkipped;
import millrace.chain.contract.ContractEvent.Settled;
import millrace.chain.contract.ContractEvent.WithdrawFinalized;
import millrace.chain.contract.ContractEvent.WithdrawInitiated;
import millrace.chain.rpc.ContractLog;
import millrace.contracts.DevToken;
import millrace.contracts.HubVault;
import millrace.contracts.PaymentChannels;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.datatypes.Event;

/// Reads the logs of one hub's contracts. A log of any other contract is nothing, whatever its
/// topics say: everybody can emit a `Deposited`.
public final class ContractEvents {
  private final Map<Address, Map<Bytes32, Decoder>> decoders;

  public ContractEvents(Address channels, Address vault, Address token) {
    decoders = Map.of(channels, ofChannels(), vault, ofVault(), token, ofToken());
  }

  /// The contracts whose logs are read.
  public List<Address> contracts() {
    return List.copyOf(decoders.keySet());
  }

  /// The topic by which logs of a used authorisation are found, followed by the payer and the
  /// authorisation's nonce.
  public static List<Bytes32> authorizationUsedTopics(Address authorizer, Bytes32 nonce) {
    byte[] padded = new byte[32];
    System.arraycopy(authorizer.toArray(), 0, padded, 12, 20);
    return List.of(topic(DevToken.AUTHORIZATIONUSED_EVENT), Bytes32.of(padded), nonce);
  }

  /// One event for most logs, one per row for the log of a batch, none for what nobody here listens
  /// to.
  public List<ContractEvent> decode(ContractLog log) {
    if (log.topics().isEmpty()) return List.of();
    var decoder = decoders.getOrDefault(log.contract(), Map.of()).get(log.topics().getFirst());
    if (decoder == null) return List.of();
    return List.copyOf(decoder.decode(log.topics(), new AbiWords(log.data())).toList());
  }

  private interface Decoder {
    Stream<? extends ContractEvent> decode(List<Bytes32> topics, AbiWords data);
  }

  private interface SingleDecoder {
    ContractEvent decode(List<Bytes32> topics, AbiWords data);
  }

  private static Decoder single(SingleDecoder decoder) {
    return (topics, data) -> Stream.of(decoder.decode(topics, data));
  }

  private static Map<Bytes32, Decoder> ofChannels() {
    var map = new HashMap<Bytes32, Decoder>();
    map.put(topic(PaymentChannels.CLAIMEDBATCH_EVENT), ContractEvents::claimedBatch);
    ofOneChannel().forEach((topic, decoder) -> map.put(topic, single(decoder)));
    return map;
  }

  private static Stream<Claimed> claimedBatch(List<Bytes32> topics, AbiWords data) {
    var receiver = address(topics, 1);
    return PackedEvent.claims(data.bytes(1))
        .map(row -> new Claimed(row.channelId(), receiver, row.newTotalClaimed()));
  }

  private static Map<Bytes32, SingleDecoder> ofOneChannel() {
    var map = new HashMap<Bytes32, SingleDecoder>();
    map.put(
        topic(PaymentChannels.CHANNELCREATED_EVENT),
        (topics, data) -> new ChannelCreated(channel(topics), config(data)));
    map.put(
        topic(PaymentChannels.DEPOSITED_EVENT),
        (topics, data) ->
            new Deposited(channel(topics), address(topics, 2), data.amount(0), data.amount(1)));
    map.put(
        topic(PaymentChannels.CLAIMED_EVENT),
        (topics, data) -> new Claimed(channel(topics), address(topics, 2), data.amount(1)));
    map.put(
        topic(PaymentChannels.REFUNDED_EVENT),
        (topics, data) -> new Refunded(channel(topics), address(topics, 2), data.amount(0)));
    map.put(
        topic(PaymentChannels.WITHDRAWINITIATED_EVENT),
        (topics, data) -> new WithdrawInitiated(channel(topics), data.amount(0), data.seconds(1)));
    map.put(
        topic(PaymentChannels.WITHDRAWFINALIZED_EVENT),
        (topics, data) ->
            new WithdrawFinalized(channel(topics), address(topics, 2), data.amount(0)));
    map.put(
        topic(PaymentChannels.SETTLED_EVENT),
        (topics, data) ->
            new Settled(
                address(topics, 1), address(topics, 2), address(topics, 3), data.amount(0)));
    return map;
  }

  private static Map<Bytes32, Decoder> ofVault() {
    var map = new HashMap<Bytes32, Decoder>();
    map.put(topic(HubVault.CREDITEDBATCH_EVENT), ContractEvents::creditedBatch);
    map.put(topic(HubVault.PAIDBATCH_EVENT), ContractEvents::paidBatch);
    ofOnePayee().forEach((topic, decoder) -> map.put(topic, single(decoder)));
    return map;
  }

  private static Stream<Credited> creditedBatch(List<Bytes32> topics, AbiWords data) {
    var token = address(topics, 1);
    return PackedEvent.payees(data.bytes(1))
        .map(row -> new Credited(row.payee(), token, row.amount()));
  }

  private static Stream<PaidInFull> paidBatch(List<Bytes32> topics, AbiWords data) {
    var token = address(topics, 1);
    return PackedEvent.payees(data.bytes(2))
        .map(row -> new PaidInFull(row.payee(), token, row.amount()));
  }

  private static Map<Bytes32, SingleDecoder> ofOnePayee() {
    var map = new HashMap<Bytes32, SingleDecoder>();
    map.put(
        topic(HubVault.ROWSKIPPED_EVENT),
        (topics, data) -> new RowSkipped(channel(topics), data.bytes(0)));
    map.put(
        topic(HubVault.CREDITED_EVENT),
        (topics, data) -> new Credited(address(topics, 1), address(topics, 2), data.amount(1)));
    map.put(
        topic(HubVault.PAID_EVENT),
        (topics, data) ->
            new Paid(address(topics, 1), address(topics, 2), address(topics, 3), data.amount(0)));
    map.put(
        topic(HubVault.PUSHFAILED_EVENT),
        (topics, _) -> new PushFailed(address(topics, 1), address(topics, 2)));
    return map;
  }

  private static Map<Bytes32, Decoder> ofToken() {
    return Map.of(
        topic(DevToken.AUTHORIZATIONUSED_EVENT),
        single((topics, _) -> new AuthorizationUsed(address(topics, 1), topics.get(2))));
  }

  private static ChannelConfig config(AbiWords data) {
    return new ChannelConfig(
        data.address(0),
        data.address(1),
        data.address(2),
        data.address(3),
        data.address(4),
        data.seconds(5),
        data.bytes32(6));
  }

  private static Bytes32 topic(Event event) {
    return Bytes32.of(EventEncoder.encode(event));
  }

  private static ChannelId channel(List<Bytes32> topics) {
    return new ChannelId(topics.get(1));
  }

  private static Address address(List<Bytes32> topics, int index) {
    return AbiWords.address(topics.get(index));
  }
}
