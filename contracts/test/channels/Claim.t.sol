// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PaymentChannels} from "../../src/PaymentChannels.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {Fixture} from "../support/Fixture.sol";
import {BlockingToken, FalseToken} from "../support/Tokens.sol";
import {RevertingWallet, Wallet} from "../support/Wallets.sol";

contract ClaimTest is Fixture {
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        id = fund(terms(), 1000);
    }

    function testAClaimRecordsWhatTheReceiverEarned() public {
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(terms(), 700, 650));
        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.Claimed(id, RECEIVER, 650, 650);
        vm.prank(RECEIVER);
        channels.claim(rows);

        assertChannel(id, 1000, 650);
        (uint128 earned, uint128 settled) = channels.receivers(RECEIVER, address(token));
        vm.assertEq(earned, 650, "earned");
        vm.assertEq(settled, 0, "settled");
    }

    function testTheReceiverAuthorizerMayClaim() public {
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(terms(), 700, 700));
        vm.prank(RECEIVER_AUTHORIZER);
        channels.claim(rows);
        assertChannel(id, 1000, 700);
    }

    function testNobodyElseMayClaim() public {
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(terms(), 700, 700));
        vm.prank(PAYER);
        vm.expectRevert(IPaymentChannels.NotAuthorizedToClaim.selector);
        channels.claim(rows);
    }

    function testOneForeignRowSpoilsTheBatch() public {
        IPaymentChannels.ChannelConfig memory foreign = terms();
        foreign.receiver = STRANGER;
        fund(foreign, 10);
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](2);
        rows[0] = rowOf(terms(), 700, 700);
        rows[1] = rowOf(foreign, 5, 5);
        vm.prank(RECEIVER);
        vm.expectRevert(IPaymentChannels.NotAuthorizedToClaim.selector);
        channels.claim(rows);
    }

    function testFuzz_TotalsAreCumulative(uint128 first, uint128 second) public {
        first = bound128(first, 0, 1000);
        second = bound128(second, 0, 1000);
        claimAsReceiver(terms(), first);
        claimAsReceiver(terms(), second);
        uint128 highest = first > second ? first : second;
        assertChannel(id, 1000, highest);
        (uint128 earned,) = channels.receivers(RECEIVER, address(token));
        vm.assertEq(earned, highest, "earned");
    }

    /// @dev All pairs of rows with ceilings and totals up to one above the balance: whatever is claimed
    /// later, what is paid in all is the highest total that was ever good.
    function testEveryPairOfClaimsPaysTheHigherOneOnce_C15() public {
        bytes32 small = fund(salted(1), 2);
        for (uint256 pair = 0; pair < 256; ++pair) {
            uint256 before = vm.snapshotState();
            uint256 first = paidBy(uint128(pair % 4), uint128(pair / 4 % 4));
            uint256 second = paidBy(uint128(pair / 16 % 4), uint128(pair / 64));
            vm.assertEq(claimedOf(small), first > second ? first : second, vm.toString(pair));
            vm.revertToState(before);
        }
    }

    /// @dev Tries the row and says what it is worth alone.
    function paidBy(uint128 ceiling, uint128 total) private returns (uint256) {
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(salted(1), ceiling, total));
        vm.prank(RECEIVER);
        try channels.claim(rows) {} catch {}
        return total <= ceiling && total <= 2 ? total : 0;
    }

    function testTheSameRowTwiceCountsOnce_C8_C26() public {
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](2);
        rows[0] = rowOf(terms(), 700, 650);
        rows[1] = rows[0];
        vm.prank(RECEIVER);
        channels.claim(rows);
        assertChannel(id, 1000, 650);
        (uint128 earned,) = channels.receivers(RECEIVER, address(token));
        vm.assertEq(earned, 650, "earned");
    }

    function testAnOldRowIsPassedOverWhateverItsSignature_C12() public {
        claimAsReceiver(terms(), 650);
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](2);
        rows[0] = rowOf(terms(), 700, 650);
        rows[0].signature = hex"00";
        rows[1] = rowOf(terms(), 800, 800);
        vm.prank(RECEIVER);
        channels.claim(rows);
        assertChannel(id, 1000, 800);
    }

    function testFuzz_NeverClaimsMoreThanSigned(uint128 ceiling, uint128 total) public {
        ceiling = bound128(ceiling, 0, 999);
        total = bound128(total, uint256(ceiling) + 1, 1000);
        refuses(rowOf(terms(), ceiling, total), IPaymentChannels.ClaimExceedsCeiling.selector);
    }

    function testFuzz_NeverClaimsMoreThanTheBalance_C14(uint128 total) public {
        total = bound128(total, 1001, type(uint128).max);
        refuses(rowOf(terms(), total, total), IPaymentChannels.ClaimExceedsBalance.selector);
        claimAsReceiver(terms(), 1000);
    }

    function testFuzz_OnlyTheAuthorizerSignsVouchers(uint256 key) public {
        key = bound(key, 1, CURVE_ORDER - 1);
        vm.assume(key != AUTHORIZER_KEY);
        IPaymentChannels.VoucherClaim memory row = rowSignedBy(key, terms(), 700, 700);
        refuses(row, IPaymentChannels.InvalidSignature.selector);
    }

    function testThePayerDoesNotSignForItsAuthorizer() public {
        IPaymentChannels.VoucherClaim memory row = rowSignedBy(PAYER_KEY, terms(), 700, 700);
        refuses(row, IPaymentChannels.InvalidSignature.selector);
    }

    function testFuzz_AVoucherIsForOneCeilingOnly(uint128 signed, uint128 shown) public {
        signed = bound128(signed, 1, 1000);
        shown = bound128(shown, 1, 1000);
        vm.assume(signed != shown);
        IPaymentChannels.VoucherClaim memory row = rowOf(terms(), signed, shown);
        row.voucher.maxClaimableAmount = shown;
        refuses(row, IPaymentChannels.InvalidSignature.selector);
    }

    function testAVoucherIsForOneChannelOnly() public {
        fund(salted(1), 1000);
        IPaymentChannels.VoucherClaim memory row = rowOf(terms(), 700, 700);
        row.voucher.channel = salted(1);
        refuses(row, IPaymentChannels.InvalidSignature.selector);
    }

    function testAVoucherIsForOneDeploymentOnly_C6() public {
        PaymentChannels other = PaymentChannels(deploy("PaymentChannels", ""));
        bytes32 digest = other.getVoucherDigest(other.getChannelId(terms()), 700);
        IPaymentChannels.VoucherClaim memory row = rowOf(terms(), 700, 700);
        row.signature = signature(AUTHORIZER_KEY, digest);
        refuses(row, IPaymentChannels.InvalidSignature.selector);
    }

    function testAVoucherIsForOneChainOnly_C5() public {
        IPaymentChannels.VoucherClaim memory row = rowOf(terms(), 700, 700);
        vm.chainId(block.chainid + 1); // A fork: same contract, same storage, other chain.
        bytes32 forked = channels.getChannelId(terms());
        vm.assertTrue(forked != id, "the id must differ on a fork");
        refuses(row, IPaymentChannels.ClaimExceedsBalance.selector);
    }

    function testARefundSignatureIsNoVoucher_C9() public {
        IPaymentChannels.VoucherClaim memory row = rowOf(terms(), 700, 700);
        row.signature = signature(AUTHORIZER_KEY, channels.getRefundDigest(id, 0, 700));
        refuses(row, IPaymentChannels.InvalidSignature.selector);
    }

    function testAMirroredSignatureIsRefused_C8() public {
        IPaymentChannels.VoucherClaim memory row = rowOf(terms(), 700, 700);
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(AUTHORIZER_KEY, channels.getVoucherDigest(id, 700));
        bytes32 mirrored = bytes32(CURVE_ORDER - uint256(s));
        row.signature = abi.encodePacked(r, mirrored, v == 27 ? uint8(28) : uint8(27));
        vm.expectRevert(abi.encodeWithSignature("ECDSAInvalidSignatureS(bytes32)", mirrored));
        vm.prank(RECEIVER);
        channels.claim(only(row));
    }

    function testASignatureThatRecoversNobodyIsRefused_C7() public {
        IPaymentChannels.VoucherClaim memory row = rowOf(terms(), 700, 700);
        row.signature = abi.encodePacked(bytes32(uint256(1)), bytes32(uint256(1)), uint8(99));
        vm.expectRevert(abi.encodeWithSignature("ECDSAInvalidSignature()"));
        vm.prank(RECEIVER);
        channels.claim(only(row));
    }

    function testFuzz_SignaturesOfOtherLengthsAreRefused_C8(uint8 length) public {
        vm.assume(length != 65);
        IPaymentChannels.VoucherClaim memory row = rowOf(terms(), 700, 700);
        row.signature = new bytes(length);
        vm.expectRevert(
            abi.encodeWithSignature("ECDSAInvalidSignatureLength(uint256)", uint256(length))
        );
        vm.prank(RECEIVER);
        channels.claim(only(row));
    }

    function testAnEmptyBatchIsRefused() public {
        vm.expectRevert(IPaymentChannels.EmptyBatch.selector);
        channels.claim(new IPaymentChannels.VoucherClaim[](0));
        vm.expectRevert(IPaymentChannels.EmptyBatch.selector);
        channels.claimWithSignature(new IPaymentChannels.VoucherClaim[](0), "");
    }

    function testWithoutAuthorizerThePayerAnswersItself() public {
        Wallet wallet = new Wallet(STRANGER);
        IPaymentChannels.ChannelConfig memory config = terms();
        config.payer = address(wallet);
        config.payerAuthorizer = address(0);
        fund(config, 100);

        refuses(
            rowSignedBy(AUTHORIZER_KEY, config, 50, 50), IPaymentChannels.InvalidSignature.selector
        );
        IPaymentChannels.VoucherClaim[] memory rows =
            only(rowSignedBy(STRANGER_KEY, config, 50, 50));
        vm.prank(RECEIVER);
        channels.claim(rows);
        assertChannel(channels.getChannelId(config), 100, 50);
    }

    function testWithoutAuthorizerAnOrdinaryPayerSignsItself() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        config.payerAuthorizer = address(0);
        fund(config, 100);
        IPaymentChannels.VoucherClaim[] memory rows = only(rowSignedBy(PAYER_KEY, config, 50, 50));
        vm.prank(RECEIVER);
        channels.claim(rows);
        assertChannel(channels.getChannelId(config), 100, 50);
    }

    function testAWalletThatRevertsRefuses_C10() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        config.payer = address(new RevertingWallet());
        config.payerAuthorizer = address(0);
        fund(config, 100);
        refuses(rowOf(config, 50, 50), IPaymentChannels.InvalidSignature.selector);
    }

    function testAnybodyMayBringASignedBatch() public {
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(terms(), 700, 650));
        bytes memory authorization =
            signature(RECEIVER_AUTHORIZER_KEY, channels.getClaimBatchDigest(rows));
        vm.prank(STRANGER);
        channels.claimWithSignature(rows, authorization);
        assertChannel(id, 1000, 650);
    }

    function testASignedBatchMayComeFromAContract() public {
        Wallet wallet = new Wallet(STRANGER);
        IPaymentChannels.ChannelConfig memory config = terms();
        config.receiverAuthorizer = address(wallet);
        fund(config, 100);
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(config, 50, 50));
        channels.claimWithSignature(
            rows, signature(STRANGER_KEY, channels.getClaimBatchDigest(rows))
        );
        assertChannel(channels.getChannelId(config), 100, 50);
    }

    function testFuzz_TheSignatureOfABatchCoversItsTotals(uint128 shown) public {
        shown = bound128(shown, 0, 700);
        vm.assume(shown != 650);
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(terms(), 700, 650));
        bytes memory authorization =
            signature(RECEIVER_AUTHORIZER_KEY, channels.getClaimBatchDigest(rows));
        rows[0].totalClaimed = shown;
        vm.expectRevert(IPaymentChannels.InvalidSignature.selector);
        channels.claimWithSignature(rows, authorization);
    }

    function testABatchSignedBySomebodyElseIsRefused() public {
        IPaymentChannels.VoucherClaim[] memory rows = only(rowOf(terms(), 700, 650));
        bytes memory authorization = signature(STRANGER_KEY, channels.getClaimBatchDigest(rows));
        vm.expectRevert(IPaymentChannels.InvalidSignature.selector);
        channels.claimWithSignature(rows, authorization);
    }

    function testASignedBatchHasOneAuthorizer() public {
        IPaymentChannels.ChannelConfig memory foreign = terms();
        foreign.receiverAuthorizer = STRANGER;
        fund(foreign, 10);
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](2);
        rows[0] = rowOf(terms(), 700, 700);
        rows[1] = rowOf(foreign, 5, 5);
        bytes memory authorization =
            signature(RECEIVER_AUTHORIZER_KEY, channels.getClaimBatchDigest(rows));
        vm.expectRevert(IPaymentChannels.NotReceiverAuthorizer.selector);
        channels.claimWithSignature(rows, authorization);
    }

    function testSettlementSendsWhatWasClaimedOnceAndAnybodyMayCall() public {
        claimAsReceiver(terms(), 650);
        vm.expectEmit(true, true, true, true, address(channels));
        emit IPaymentChannels.Settled(RECEIVER, address(token), STRANGER, 650);
        vm.prank(STRANGER);
        channels.settle(RECEIVER, address(token));
        vm.recordLogs();
        channels.settle(RECEIVER, address(token)); // Nothing is left, and that is no error.
        vm.assertEq(vm.getRecordedLogs().length, 0, "nothing happened, nothing is reported");
        vm.assertEq(token.balanceOf(RECEIVER), 650, "receiver");
        vm.assertEq(token.balanceOf(address(channels)), 350, "escrow");
    }

    function testSettlementKeepsReceiversAndTokensApart() public {
        IPaymentChannels.ChannelConfig memory other = terms();
        other.receiver = STRANGER;
        fund(other, 100);
        claimAsReceiver(terms(), 650);
        claimAsReceiver(other, 40);
        channels.settle(STRANGER, address(token));
        vm.assertEq(token.balanceOf(STRANGER), 40, "stranger");
        vm.assertEq(token.balanceOf(RECEIVER), 0, "receiver");
    }

    function testABlockedReceiverKeepsItsClaim_C20() public {
        BlockingToken blocking = new BlockingToken();
        IPaymentChannels.ChannelConfig memory config = terms();
        config.token = address(blocking);
        blocking.mint(PAYER, 100);
        vm.prank(PAYER);
        blocking.approve(address(collector), 100);
        channels.deposit(config, 100, address(collector), "");
        claimAsReceiver(config, 60);

        blocking.setBlocked(RECEIVER, true);
        vm.expectRevert();
        channels.settle(RECEIVER, address(blocking));
        blocking.setBlocked(RECEIVER, false);
        channels.settle(RECEIVER, address(blocking));
        vm.assertEq(blocking.balanceOf(RECEIVER), 60, "receiver");
    }

    function testASettlementThatTheTokenRefusesIsNotRecorded_C19() public {
        FalseToken falseToken = new FalseToken();
        IPaymentChannels.ChannelConfig memory config = terms();
        config.token = address(falseToken);
        falseToken.mint(PAYER, 100);
        channels.deposit(config, 100, address(collector), "");
        claimAsReceiver(config, 60);

        falseToken.setFailing(true);
        vm.expectRevert(
            abi.encodeWithSignature("SafeERC20FailedOperation(address)", address(falseToken))
        );
        channels.settle(RECEIVER, address(falseToken));
        falseToken.setFailing(false);
        channels.settle(RECEIVER, address(falseToken));
        vm.assertEq(falseToken.balanceOf(RECEIVER), 60, "receiver");
    }

    function testAnOldVoucherIsWorthNothingAfterRefundAndNewDeposit_C3() public {
        claimAsReceiver(terms(), 400);
        vm.prank(RECEIVER);
        channels.refund(terms(), 600);
        fund(terms(), 1000);
        claimAsReceiver(terms(), 400);
        assertChannel(id, 1400, 400);
    }

    /// @dev C4 cannot be excluded on this interface: an id has no epoch, so a voucher that was signed
    /// and not claimed counts again when the channel is funded again. The hub's records therefore
    /// live for ever. This test holds the fact down.
    function testAnUnclaimedVoucherComesAliveWithANewDeposit_C4() public {
        vm.prank(RECEIVER);
        channels.refund(terms(), 1000);
        fund(terms(), 1000);
        claimAsReceiver(terms(), 700);
        assertChannel(id, 1000, 700);
    }

    function refuses(IPaymentChannels.VoucherClaim memory row, bytes4 selector) private {
        vm.prank(RECEIVER);
        vm.expectRevert(selector);
        channels.claim(only(row));
    }
}
