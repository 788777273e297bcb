package millrace.contracts;

import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;

/// The code that creates each contract, constructor arguments included, as hexadecimal data that
/// can be sent as a transaction without recipient.
public final class Artifacts {
  private Artifacts() {}

  public static String paymentChannels() {
    return prefixed(PaymentChannels.BINARY);
  }

  /// @param channels the only contract that may collect with it
  public static String erc3009DepositCollector(String channels) {
    return prefixed(ERC3009DepositCollector.BINARY)
        + FunctionEncoder.encodeConstructor(List.of(new Address(channels)));
  }

  public static String hubVault(HubVault.Settings settings) {
    return prefixed(HubVault.BINARY) + FunctionEncoder.encodeConstructor(List.of(settings));
  }

  public static String devToken() {
    return prefixed(DevToken.BINARY);
  }

  private static String prefixed(String hex) {
    return hex.startsWith("0x") ? hex : "0x" + hex;
  }
}
