package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import millrace.gateway.webhook.Target.Keys;
import millrace.gateway.webhook.Target.Previous;
import org.junit.jupiter.api.Test;

class TargetTest {
  private static final Instant AT = Instant.ofEpochSecond(1_800_000_000);
  private static final Keys KEYS =
      new Keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Ed25519.newKey());
  private static final Keys OLD =
      new Keys("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", Ed25519.newKey());

  @Test
  void anEndpointIsSignedForAsItWants() throws Exception {
    assertThat(target(EnumSet.of(SignatureScheme.V1), Optional.empty()).sign("evt_1", AT, "{}"))
        .isEqualTo(new Webhook(KEYS.secret()).sign("evt_1", AT.getEpochSecond(), "{}"))
        .startsWith("v1,");
    assertThat(
            target(EnumSet.allOf(SignatureScheme.class), Optional.empty()).sign("evt_1", AT, "{}"))
        .matches("v1,\\S+ v1a,\\S+");
  }

  @Test
  void anAsymmetricSignatureIsCheckedWithThePublicKeyAlone() throws Exception {
    var header = target(EnumSet.of(SignatureScheme.V1A), Optional.empty()).sign("evt_1", AT, "{}");

    byte[] signature = Base64.getDecoder().decode(header.substring("v1a,".length()));

    var content = "evt_1." + AT.getEpochSecond() + ".{}";
    assertThat(verifies(publicKey(KEYS), content, signature)).isTrue();
    assertThat(verifies(publicKey(KEYS), content + " ", signature)).isFalse();
    assertThat(verifies(publicKey(OLD), content, signature)).isFalse();
  }

  @Test
  void afterARotationBothKeysSignUntilTheOldOneIsOver() throws Exception {
    var until = Optional.of(AT.plusSeconds(1));
    var rotated = target(EnumSet.of(SignatureScheme.V1), until);
    var old = new Webhook(OLD.secret());

    assertThat(rotated.sign("evt_1", AT, "{}"))
        .endsWith(" " + old.sign("evt_1", AT.getEpochSecond(), "{}"));
    assertThat(rotated.sign("evt_1", AT.plusSeconds(1), "{}")).doesNotContain(" ");
  }

  private static Target target(EnumSet<SignatureScheme> schemes, Optional<Instant> until) {
    return new Target("we_1", "https://shop.example", schemes, KEYS, new Previous(OLD, until));
  }

  private static String publicKey(Keys keys) {
    return Ed25519.publicKey(Objects.requireNonNull(keys.privateKey()));
  }

  private static boolean verifies(String key, String content, byte[] signature) throws Exception {
    byte[] raw = Base64.getDecoder().decode(key.substring("whpk_".length()));
    byte[] frame = HexFormat.of().parseHex("302a300506032b6570032100");
    byte[] encoded = Arrays.copyOf(frame, frame.length + raw.length);
    System.arraycopy(raw, 0, encoded, frame.length, raw.length);
    var verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    verifier.update(content.getBytes(StandardCharsets.UTF_8));
    return verifier.verify(signature);
  }
}
