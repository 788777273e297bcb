// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DevToken} from "../../src/DevToken.sol";
import {PaymentChannels} from "../../src/PaymentChannels.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {AllowanceCollector} from "./Collectors.sol";
import {Test} from "./Test.sol";

/// @dev A channel contract with a token, a payer and the terms of one channel.
abstract contract Fixture is Test {
    uint256 internal constant PAYER_KEY = 0xA11CE;
    uint256 internal constant AUTHORIZER_KEY = 0xA0702;
    uint256 internal constant RECEIVER_AUTHORIZER_KEY = 0xB0B;
    uint256 internal constant STRANGER_KEY = 0xBAD;
    uint256 internal constant CURVE_ORDER =
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    address internal immutable PAYER = vm.addr(PAYER_KEY);
    address internal immutable AUTHORIZER = vm.addr(AUTHORIZER_KEY);
    address internal immutable RECEIVER_AUTHORIZER = vm.addr(RECEIVER_AUTHORIZER_KEY);
    address internal immutable STRANGER = vm.addr(STRANGER_KEY);
    address internal constant RECEIVER = address(0xCAFE);

    uint40 internal constant DELAY = 1 hours;

    PaymentChannels internal channels;
    DevToken internal token;
    AllowanceCollector internal collector;

    function setUp() public virtual {
        vm.warp(1_700_000_000);
        channels = PaymentChannels(deploy("PaymentChannels", ""));
        token = DevToken(deploy("DevToken", ""));
        collector = new AllowanceCollector();
    }

    function terms() internal view returns (IPaymentChannels.ChannelConfig memory config) {
        config.payer = PAYER;
        config.payerAuthorizer = AUTHORIZER;
        config.receiver = RECEIVER;
        config.receiverAuthorizer = RECEIVER_AUTHORIZER;
        config.token = address(token);
        config.withdrawDelay = DELAY;
    }

    function salted(uint256 salt) internal view returns (IPaymentChannels.ChannelConfig memory config) {
        config = terms();
        config.salt = bytes32(salt);
    }

    function fund(IPaymentChannels.ChannelConfig memory config, uint128 amount)
        internal
        returns (bytes32 channelId)
    {
        token.mint(config.payer, amount);
        vm.prank(config.payer);
        token.approve(address(collector), type(uint256).max);
        channels.deposit(config, amount, address(collector), "");
        return channels.getChannelId(config);
    }

    function signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function rowOf(IPaymentChannels.ChannelConfig memory config, uint128 ceiling, uint128 total)
        internal
        view
        returns (IPaymentChannels.VoucherClaim memory)
    {
        return rowSignedBy(AUTHORIZER_KEY, config, ceiling, total);
    }

    function rowSignedBy(
        uint256 key,
        IPaymentChannels.ChannelConfig memory config,
        uint128 ceiling,
        uint128 total
    ) internal view returns (IPaymentChannels.VoucherClaim memory row) {
        row.voucher = IPaymentChannels.Voucher(config, ceiling);
        row.signature =
            signature(key, channels.getVoucherDigest(channels.getChannelId(config), ceiling));
        row.totalClaimed = total;
    }

    /// @dev Terms that a short row can name: the payer signs itself, and the salt is zero.
    function plainTerms(uint256 payerKey)
        internal
        view
        returns (IPaymentChannels.ChannelConfig memory config)
    {
        config = terms();
        config.payer = vm.addr(payerKey);
        config.payerAuthorizer = config.payer;
    }

    /// @dev As `ICompactClaims` lays it out.
    function shortRow(uint256 key, IPaymentChannels.ChannelConfig memory config, uint128 ceiling)
        internal
        view
        returns (bytes memory)
    {
        (bytes32 r, bytes32 vs) = compactSignature(key, config, ceiling);
        return abi.encodePacked(config.payer, ceiling, r, vs);
    }

    /// @dev As `ICompactClaims` lays it out.
    function longRow(
        uint256 key,
        IPaymentChannels.ChannelConfig memory config,
        uint128 ceiling,
        uint128 total
    ) internal view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = compactSignature(key, config, ceiling);
        return abi.encodePacked(
            config.payer, config.payerAuthorizer, config.salt, ceiling, total, r, vs
        );
    }

    function compactSignature(
        uint256 key,
        IPaymentChannels.ChannelConfig memory config,
        uint128 ceiling
    ) internal view returns (bytes32 r, bytes32 vs) {
        return compactSign(key, channels.getVoucherDigest(channels.getChannelId(config), ceiling));
    }

    function compactSign(uint256 key, bytes32 digest) internal pure returns (bytes32, bytes32) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return (r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    /// @dev As `ICompactClaims` lays it out.
    function batchOf(
        address receiverAuthorizer,
        address token_,
        uint40 delay,
        bytes memory shortRows,
        bytes memory longRows
    ) internal pure returns (bytes memory) {
        uint16 count = uint16(shortRows.length / 100);
        return abi.encodePacked(receiverAuthorizer, token_, delay, count, shortRows, longRows);
    }

    /// @dev A batch of the terms that all channels here share.
    function batchOf(bytes memory shortRows, bytes memory longRows)
        internal
        view
        returns (bytes memory)
    {
        return batchOf(RECEIVER_AUTHORIZER, address(token), DELAY, shortRows, longRows);
    }

    function claimCompactAsReceiver(bytes memory shortRows, bytes memory longRows)
        internal
        returns (uint128)
    {
        bytes memory batch = batchOf(shortRows, longRows);
        vm.prank(RECEIVER);
        return channels.claimCompactRows(batch);
    }

    function only(IPaymentChannels.VoucherClaim memory row)
        internal
        pure
        returns (IPaymentChannels.VoucherClaim[] memory rows)
    {
        rows = new IPaymentChannels.VoucherClaim[](1);
        rows[0] = row;
    }

    function claimAsReceiver(IPaymentChannels.ChannelConfig memory config, uint128 total) internal {
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(config, total, total));
        vm.prank(config.receiver);
        channels.claim(rows);
    }

    function balanceOf(bytes32 channelId) internal view returns (uint128 balance) {
        (balance,) = channels.channels(channelId);
    }

    function claimedOf(bytes32 channelId) internal view returns (uint128 claimed) {
        (, claimed) = channels.channels(channelId);
    }

    function assertChannel(bytes32 channelId, uint256 balance, uint256 claimed) internal view {
        vm.assertEq(balanceOf(channelId), balance, "balance of the channel");
        vm.assertEq(claimedOf(channelId), claimed, "claimed of the channel");
    }

    function assertPending(bytes32 channelId, uint256 amount, uint256 initiatedAt) internal view {
        (uint128 pendingAmount, uint40 pendingSince) = channels.pendingWithdrawals(channelId);
        vm.assertEq(pendingAmount, amount, "amount of the pending withdrawal");
        vm.assertEq(pendingSince, initiatedAt, "time of the pending withdrawal");
    }
}
