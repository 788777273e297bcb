package millrace.contracts;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.Sign;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.utils.Numeric;

/// A development chain with the token, the contracts at their canonical addresses and a vault whose
/// every role but the admin's is the hub's.
record Scene(Anvil anvil, DevToken token, PaymentChannels channels, HubVault vault)
    implements AutoCloseable {
  static final BigInteger DEPOSIT = BigInteger.valueOf(25_000_000);

  /// @param payees who can be credited from the start
  static Scene set(List<String> payees) throws Exception {
    var anvil = Anvil.start();
    var deployer = anvil.as(Anvil.DEPLOYER);
    // The vectors name the first contract that this account creates as the token.
    var token = DevToken.deploy(anvil.web3j, deployer, Anvil.GAS).send();
    token.mint(Anvil.PAYER.getAddress(), DEPOSIT.multiply(BigInteger.valueOf(1000))).send();
    CanonicalPlacement.place(anvil);
    var channels =
        PaymentChannels.load(
            CanonicalAddresses.PAYMENT_CHANNELS, anvil.web3j, anvil.as(Anvil.HUB), Anvil.GAS);
    var hub = Anvil.HUB.getAddress();
    var caps = new HubVault.TokenCaps(token.getContractAddress(), DEPOSIT, DEPOSIT);
    var settings =
        new HubVault.Settings(
            CanonicalAddresses.PAYMENT_CHANNELS,
            BigInteger.valueOf(60),
            Anvil.DEPLOYER.getAddress(),
            hub,
            List.of(hub),
            List.of(hub),
            payees,
            List.of(caps));
    var deployed = HubVault.deploy(anvil.web3j, deployer, Anvil.GAS, settings).send();
    var vault =
        HubVault.load(deployed.getContractAddress(), anvil.web3j, anvil.as(Anvil.HUB), Anvil.GAS);
    return new Scene(anvil, token, channels, vault);
  }

  /// The same contract with another sender.
  PaymentChannels channelsAs(Credentials sender) {
    return PaymentChannels.load(
        channels.getContractAddress(), anvil.web3j, anvil.as(sender), Anvil.GAS);
  }

  PaymentChannels.ChannelConfig terms(int salt, String receiver) {
    return new PaymentChannels.ChannelConfig(
        Anvil.PAYER.getAddress(),
        Anvil.PAYER.getAddress(),
        receiver,
        receiver,
        token.getContractAddress(),
        BigInteger.valueOf(900),
        word(BigInteger.valueOf(salt)));
  }

  PaymentChannels.ChannelConfig vaultTerms(int salt) {
    return terms(salt, vault.getContractAddress());
  }

  /// One of many payers, with as few zero bytes in its address as others have.
  static Credentials payer(int number) {
    return Credentials.create(Hash.sha3String("payer" + number));
  }

  /// The vault's only channel with that payer, which short rows can name.
  PaymentChannels.ChannelConfig plainTerms(int number) {
    var address = payer(number).getAddress();
    return new PaymentChannels.ChannelConfig(
        address,
        address,
        vault.getContractAddress(),
        vault.getContractAddress(),
        token.getContractAddress(),
        BigInteger.valueOf(900),
        word(BigInteger.ZERO));
  }

  void depositPlain(int number) throws Exception {
    var payer = payer(number);
    token.mint(payer.getAddress(), DEPOSIT.shiftLeft(1)).send(); // Something is left.
    deposit(payer, plainTerms(number), 1);
  }

  /// As `ICompactClaims` lays it out.
  byte[] shortRow(int number, BigInteger ceiling) throws Exception {
    var terms = plainTerms(number);
    return concat(
        Numeric.hexStringToByteArray(terms.payer),
        amount(ceiling),
        compact(payer(number), terms, ceiling));
  }

  /// As `ICompactClaims` lays it out.
  byte[] longRow(int number, BigInteger ceiling, BigInteger total) throws Exception {
    var terms = plainTerms(number);
    return concat(
        Numeric.hexStringToByteArray(terms.payer),
        Numeric.hexStringToByteArray(terms.payerAuthorizer),
        terms.salt,
        amount(ceiling),
        amount(total),
        compact(payer(number), terms, ceiling));
  }

  /// As `ICompactClaims` lays it out, for channels of the vault, which is its own authoriser.
  byte[] compactBatch(byte[] shortRows, byte[] longRows) {
    var header =
        concat(
            new byte[20],
            Numeric.hexStringToByteArray(token.getContractAddress()),
            Numeric.toBytesPadded(vaultTerms(0).withdrawDelay, 5),
            Numeric.toBytesPadded(BigInteger.valueOf(shortRows.length / 100), 2));
    return concat(header, shortRows, longRows);
  }

  private byte[] compact(Credentials payer, PaymentChannels.ChannelConfig terms, BigInteger ceiling)
      throws Exception {
    var digest = channels.getVoucherDigest(channels.getChannelId(terms).send(), ceiling).send();
    var signature = Sign.signMessage(digest, payer.getEcKeyPair(), false);
    var s = signature.getS().clone();
    if (signature.getV()[0] == 28) s[0] |= (byte) 0x80;
    return concat(signature.getR(), s);
  }

  private static byte[] amount(BigInteger units) {
    return Numeric.toBytesPadded(units, 16);
  }

  /// Deposits on the signed word of the payer.
  TransactionReceipt deposit(PaymentChannels.ChannelConfig terms, long authorizationSalt)
      throws Exception {
    return deposit(Anvil.PAYER, terms, authorizationSalt);
  }

  private TransactionReceipt deposit(
      Credentials payer, PaymentChannels.ChannelConfig terms, long authorizationSalt)
      throws Exception {
    var id = channels.getChannelId(terms).send();
    var salt = BigInteger.valueOf(authorizationSalt);
    var validBefore = BigInteger.TWO.pow(40);
    var nonce = Hash.sha3(concat(id, word(salt)));
    var signature = sign(payer, authorizationDigest(payer, validBefore, nonce));
    var data =
        FunctionEncoder.encodeConstructor(
            List.of(
                new Uint256(BigInteger.ZERO),
                new Uint256(validBefore),
                new Uint256(salt),
                new DynamicBytes(signature)));
    return channels
        .deposit(
            terms,
            DEPOSIT,
            CanonicalAddresses.ERC3009_DEPOSIT_COLLECTOR,
            Numeric.hexStringToByteArray(data))
        .send();
  }

  PaymentChannels.VoucherClaim row(PaymentChannels.ChannelConfig terms, BigInteger total)
      throws Exception {
    var digest = channels.getVoucherDigest(channels.getChannelId(terms).send(), total).send();
    var voucher = new PaymentChannels.Voucher(terms, total);
    return new PaymentChannels.VoucherClaim(voucher, sign(Anvil.PAYER, digest), total);
  }

  HubVault.VoucherClaim vaultRow(int salt, BigInteger total) throws Exception {
    var row = row(vaultTerms(salt), total);
    var terms = row.voucher.channel;
    var config =
        new HubVault.ChannelConfig(
            terms.payer,
            terms.payerAuthorizer,
            terms.receiver,
            terms.receiverAuthorizer,
            terms.token,
            terms.withdrawDelay,
            terms.salt);
    return new HubVault.VoucherClaim(
        new HubVault.Voucher(config, total), row.signature, row.totalClaimed);
  }

  static byte[] sign(Credentials signer, byte[] digest) {
    var signature = Sign.signMessage(digest, signer.getEcKeyPair(), false);
    return concat(signature.getR(), signature.getS(), signature.getV());
  }

  /// A row of `credit`: payee and cumulative promise in one word.
  static byte[] promise(String payee, BigInteger cumulative) {
    return concat(Numeric.hexStringToByteArray(payee), Numeric.toBytesPadded(cumulative, 12));
  }

  static byte[] word(BigInteger value) {
    return Numeric.toBytesPadded(value, 32);
  }

  @Override
  public void close() {
    anvil.close();
  }

  private byte[] authorizationDigest(Credentials payer, BigInteger validBefore, byte[] nonce)
      throws Exception {
    var message =
        concat(
            token.RECEIVE_WITH_AUTHORIZATION_TYPEHASH().send(),
            word(Numeric.toBigInt(payer.getAddress())),
            word(Numeric.toBigInt(CanonicalAddresses.ERC3009_DEPOSIT_COLLECTOR)),
            word(DEPOSIT),
            word(BigInteger.ZERO),
            word(validBefore),
            nonce);
    return Hash.sha3(
        concat(new byte[] {0x19, 0x01}, token.DOMAIN_SEPARATOR().send(), Hash.sha3(message)));
  }

  private static byte[] concat(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) all.writeBytes(part);
    return all.toByteArray();
  }
}
