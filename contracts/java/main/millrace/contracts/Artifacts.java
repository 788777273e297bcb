package millrace.contracts;

import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import tools.jackson.databind.json.JsonMapper;

/// The code that creates each contract, constructor arguments included, as hexadecimal data that
/// can be sent as a transaction without recipient.
public final class Artifacts {
  private Artifacts() {}

  public static String paymentChannels() {
    return creationCode("PaymentChannels");
  }

  /// @param channels the only contract that may collect with it
  public static String erc3009DepositCollector(String channels) {
    return creationCode("ERC3009DepositCollector")
        + FunctionEncoder.encodeConstructor(List.of(new Address(channels)));
  }

  public static String hubVault(HubVault.Settings settings) {
    return creationCode("HubVault") + FunctionEncoder.encodeConstructor(List.of(settings));
  }

  public static String devToken() {
    return creationCode("DevToken");
  }

  /// Read from the artifact and not from the wrapper, whose constant the compiler would copy into
  /// this class and leave there when the artifact changes.
  private static String creationCode(String contract) {
    var artifact = Artifacts.class.getResourceAsStream(contract + ".json");
    if (artifact == null) throw new IllegalStateException("no artifact of " + contract);
    return JsonMapper.shared().readTree(artifact).get("bytecode").asString();
  }
}
