package millrace.watchtower.voucher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;
import millrace.watchtower.TowerDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

class VoucherStoreIT {
  private static final ChannelId CHANNEL = ChannelId.of("0x" + "01".repeat(32));
  private static final ChannelId OTHER = ChannelId.of("0x" + "02".repeat(32));

  private final VoucherStore store = new VoucherStore(new JdbcTemplate(TowerDatabase.fresh()));

  @Test
  void aVoucherComesBackAsItWasKept() {
    var voucher = voucher(CHANNEL, 1_500, 1_200, 7);
    assertThat(keep(voucher)).containsExactly(CHANNEL);
    assertThat(store.of(List.of(CHANNEL, OTHER))).containsExactly(voucher);
    var largest =
        new GuardedVoucher(
            OTHER,
            voucher.config(),
            new SignedVoucher(new Voucher(OTHER, Amount.MAX), voucher.voucher().signature()),
            Amount.MAX,
            Long.MAX_VALUE);
    keep(largest);
    assertThat(store.of(List.of(OTHER))).containsExactly(largest);
  }

  @Test
  void whatIsDueMayFallThoughWhatIsChargedDoesNot() {
    var voucher = voucher(CHANNEL, 1_500, 1_200, 7);
    keep(voucher);
    var givenBack =
        new GuardedVoucher(
            CHANNEL, voucher.config(), voucher.voucher(), Amount.of(1_200), 8, Amount.of(900));
    assertThat(keep(givenBack)).containsExactly(CHANNEL);
    assertThat(held()).isEqualTo(givenBack);
  }

  @Test
  void onlyANewerOneReplacesIt() {
    keep(voucher(CHANNEL, 1_000, 1_000, 4));
    assertThat(keep(voucher(CHANNEL, 900, 900, 2))).as("older").isEmpty();
    assertThat(keep(voucher(CHANNEL, 1_000, 1_000, 4))).as("a repeat").isEmpty();
    assertThat(keep(voucher(CHANNEL, 1_000, 900, Long.MAX_VALUE))).as("made up").isEmpty();
    assertThat(held().sequence()).isEqualTo(4);
    assertThat(keep(voucher(CHANNEL, 1_050, 1_000, 5))).as("charged nothing").isNotEmpty();
    assertThat(keep(voucher(CHANNEL, 1_100, 1_100, 6))).as("charged more").isNotEmpty();
    assertThat(held()).isEqualTo(voucher(CHANNEL, 1_100, 1_100, 6));
  }

  @Test
  void tellsWhichOfABatchItKept() {
    keep(voucher(CHANNEL, 1_000, 1_000, 4));
    assertThat(keep(voucher(CHANNEL, 500, 500, 3), voucher(OTHER, 10, 10, 1)))
        .containsExactly(OTHER);
  }

  @Test
  void theDatabaseRefusesACeilingBelowTheCharge() {
    assertThatThrownBy(() -> keep(voucher(CHANNEL, 999, 1_000, 1)))
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void aNewChannelIsToBeLookedUpOnce() {
    keep(voucher(CHANNEL, 1, 1, 1), voucher(OTHER, 1, 1, 1));
    assertThat(store.neverLookedUp(10)).hasSize(2);
    store.lookedUp(List.of(CHANNEL, OTHER));
    keep(voucher(CHANNEL, 2, 2, 2));
    assertThat(store.neverLookedUp(10)).isEmpty();
  }

  @Test
  void allChannelsAreGoneThroughPageByPage() {
    keep(voucher(CHANNEL, 1, 1, 1), voucher(OTHER, 1, 1, 1));
    assertThat(store.after(Optional.empty(), 1)).containsExactly(new ChannelKey(CHANNEL, 900));
    assertThat(store.after(Optional.of(CHANNEL), 9)).containsExactly(new ChannelKey(OTHER, 900));
    assertThat(store.after(Optional.of(OTHER), 9)).isEmpty();
  }

  private Set<ChannelId> keep(GuardedVoucher... vouchers) {
    return store.keep(List.of(vouchers), Instant.EPOCH);
  }

  private GuardedVoucher held() {
    return store.of(List.of(CHANNEL)).getFirst();
  }

  private static GuardedVoucher voucher(
      ChannelId channel, long ceiling, long charged, long sequence) {
    var signature = Signature.of("0x" + "11".repeat(32) + "22".repeat(32) + "1b");
    var config =
        new ChannelConfig(
            address("a1"),
            address("a2"),
            address("b1"),
            address("b2"),
            address("70"),
            900,
            Bytes32.of("0x" + "5a".repeat(32)));
    return new GuardedVoucher(
        channel,
        config,
        new SignedVoucher(new Voucher(channel, Amount.of(ceiling)), signature),
        Amount.of(charged),
        sequence);
  }

  private static Address address(String octet) {
    return Address.of("0x" + octet.repeat(20));
  }
}
