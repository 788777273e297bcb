package millrace.payer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;
import millrace.protocol.x402.Deposit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
  private static final ChannelId ID = ChannelId.of("0x" + "12".repeat(32));

  private static final Signature SIGNATURE =
      Signature.of(
          "0x2b59d31ac243f2e797770c0f245b15a7adaf8ed0575f767998b5d9a6a51b1a3f"
              + "57291cedf016f42ec6e8ede95a71cf65a48c1fa8a94afa24d8775ca6fb201281"
              + "1b");

  @TempDir Path directory;

  @Test
  void whatIsSavedIsThereForTheNextProcess() {
    FileStore.in(directory).save(channel());
    assertThat(FileStore.in(directory).load(ID)).contains(channel());
    assertThat(FileStore.in(directory).all()).containsExactly(channel());
  }

  @Test
  void anUnknownChannelIsNone() {
    assertThat(FileStore.in(directory).load(ID)).isEmpty();
    assertThat(FileStore.in(directory).all()).isEmpty();
  }

  /// Payers' files outlive the programs that wrote them.
  @Test
  void aFileOfVersion1IsReadAndWrittenAsItStands() throws Exception {
    try (var golden = FileStoreTest.class.getResourceAsStream("channel-v1.json")) {
      assertThat(golden).isNotNull();
      var text = new String(golden.readAllBytes(), UTF_8);
      assertThat(ChannelJson.read(text)).isEqualTo(channel());
      assertThat(ChannelJson.write(channel())).isEqualToIgnoringWhitespace(text);
    }
  }

  @Test
  void aFileOfAnotherVersionIsNotGuessedAt() throws IOException {
    Files.writeString(
        directory.resolve(ID + ".json"),
        ChannelJson.write(channel()).replace("\"version\" : 1", "\"version\" : 2"));
    assertThatThrownBy(() -> FileStore.in(directory).load(ID))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aDamagedFileIsAnErrorAndNotAnEmptyChannel() throws IOException {
    Files.writeString(directory.resolve(ID + ".json"), "{\"version\" : 1");
    assertThatThrownBy(() -> FileStore.in(directory).load(ID))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aHalfWrittenFileDoesNotHideTheLastWholeOne() throws IOException {
    var store = FileStore.in(directory);
    store.save(channel());
    Files.writeString(directory.resolve(ID + ".new"), "{\"vers");
    assertThat(store.load(ID)).contains(channel());
  }

  @Test
  void aNewDirectoryIsForItsOwnerAlone() throws IOException {
    FileStore.in(directory.resolve("a/b"));
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a/b"))))
        .isEqualTo("rwx------");
  }

  @Test
  void onlyOneAtATimeHoldsAChannel() throws Exception {
    var second = new CountDownLatch(1);
    Thread waiting;
    try (var _ = FileStore.in(directory).hold(ID)) {
      waiting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (var _ = FileStore.in(directory).hold(ID)) {
                      second.countDown();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      assertThat(second.await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
    assertThat(second.await(60, TimeUnit.SECONDS)).isTrue();
    waiting.join();
  }

  private static PayerChannel channel() {
    return new PayerChannel(
        ID,
        FakeHub.NETWORK,
        new ChannelConfig(
            FakeHub.ALICE.address(),
            FakeHub.ALICE.address(),
            FakeHub.VAULT,
            FakeHub.VAULT,
            FakeHub.TOKEN,
            900,
            Bytes32.ZERO),
        Amount.of(1000),
        Amount.of(2000),
        Amount.of(3000),
        Amount.of(10_000),
        Optional.of(
            new Deposit(
                Amount.of(5000),
                BigInteger.ZERO,
                BigInteger.valueOf(1_795_337_999),
                Bytes32.of("0x" + "34".repeat(32)),
                SIGNATURE)),
        true);
  }
}
