package millrace.standalone.demo;

import java.util.List;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// Who plays: how many payers pay how often, and what the merchants sell.
///
/// @param payers of which the last one cheats
/// @param paymentsEach so many by everybody
record Stage(int payers, int paymentsEach, Amount depositEach, List<Stall> stalls) {

  /// What one merchant sells and where its money goes.
  record Stall(String name, Amount price, Address payoutAddress) {}

  static Stage standard() {
    return new Stage(
        20,
        101,
        Amount.of(250_000),
        List.of(
            stall("weather", 1_000, 0xa1), stall("quotes", 2_500, 0xa2), stall("maps", 400, 0xa3)));
  }

  private static Stall stall(String name, long price, int lastByte) {
    var bytes = new byte[20];
    bytes[0] = 0x5a;
    bytes[19] = (byte) lastByte;
    return new Stall(name, Amount.of(price), Address.of(bytes));
  }
}
