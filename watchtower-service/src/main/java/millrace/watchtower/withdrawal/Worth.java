package millrace.watchtower.withdrawal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import millrace.protocol.type.Amount;

/// What tokens are worth in the coin that pays for gas. A rough figure will do: it only says up to
/// where it makes sense to outbid others.
///
/// @param tokensPerEther whole tokens
record Worth(BigDecimal tokensPerEther, int decimals) {
  private static final int WEI_DECIMALS = 18;

  BigInteger inWei(Amount units) {
    return new BigDecimal(units.units())
        .scaleByPowerOfTen(WEI_DECIMALS - decimals)
        .divide(tokensPerEther, 0, RoundingMode.DOWN)
        .toBigInteger();
  }
}
