package millrace.watchtower.merchant;

import static millrace.watchtower.merchant.Samples.NEXT_KEY;
import static millrace.watchtower.merchant.Samples.TERMS;
import static millrace.watchtower.merchant.Samples.promise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.chain.rpc.Fees;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotebookTest {
  private static final Notes FULL =
      new Notes(
          new Held(List.of(promise(500), promise(TERMS, NEXT_KEY, 700))),
          Optional.of("0123-4567"),
          Optional.of(Instant.EPOCH),
          Optional.of(new Due(Amount.of(500), Instant.EPOCH.plusSeconds(1))),
          Optional.of(new Attempt(3, new Fees(BigInteger.TEN, BigInteger.ONE), 9)));

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsThereAfterwards() {
    try (var book = Notebook.open(folder, TERMS)) {
      assertThat(book.notes()).isEqualTo(Notes.NONE);
      book.change(_ -> FULL);
    }
    try (var book = Notebook.open(folder, TERMS)) {
      assertThat(book.notes()).isEqualTo(FULL);
    }
  }

  @Test
  void aChangeThatWasCutOffIsNotThere() throws IOException {
    try (var book = Notebook.open(folder, TERMS)) {
      book.change(_ -> FULL);
    }
    Files.writeString(folder.resolve("notes.next"), "millrace-merchant-to");
    try (var book = Notebook.open(folder, TERMS)) {
      assertThat(book.notes()).isEqualTo(FULL);
      book.change(notes -> notes.resumingAt("later"));
      assertThat(book.notes().cursor()).contains("later");
    }
  }

  @Test
  void aDamagedFileIsNotBelieved() throws IOException {
    try (var book = Notebook.open(folder, TERMS)) {
      book.change(_ -> FULL);
    }
    var file = folder.resolve("notes");
    Files.writeString(file, Files.readString(file).replace("700", "900"));
    assertThatThrownBy(() -> Notebook.open(folder, TERMS)).hasMessageContaining("damaged");
    Files.writeString(file, "");
    assertThatThrownBy(() -> Notebook.open(folder, TERMS)).hasMessageContaining("damaged");
  }

  @Test
  void notesAboutAnotherPayeeAreNotMixedUp() {
    try (var book = Notebook.open(folder, TERMS)) {
      book.change(_ -> FULL);
    }
    var other =
        new Terms(
            TERMS.chainId(), TERMS.channels(), TERMS.vault(), Samples.address(1), TERMS.token());
    assertThatThrownBy(() -> Notebook.open(folder, other)).hasMessageContaining("payee");
  }

  @Test
  void twoTowersDoNotShareAFolder() {
    try (var book = Notebook.open(folder, TERMS)) {
      assertThat(book.notes()).isEqualTo(Notes.NONE);
      assertThatThrownBy(() -> Notebook.open(folder, TERMS)).hasMessageContaining("another tower");
    }
    Notebook.open(folder, TERMS).close();
  }
}
