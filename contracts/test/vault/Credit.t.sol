// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HubVault} from "../../src/HubVault.sol";
import {IHubVault} from "../../src/interfaces/IHubVault.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {IVaultRoles} from "../../src/interfaces/IVaultRoles.sol";
import {BlockingToken, FalseToken, GasBurner, HookToken, SilentToken} from "../support/Tokens.sol";
import {VaultFixture} from "../support/VaultFixture.sol";

contract VaultCreditTest is VaultFixture {
    address private constant OTHER = address(0x9A1F0);

    function testCreditSettlesFirstAndCredits() public {
        earn(0, 1000);
        assertBook(0, 0, 0); // Claimed, and still in the channel contract.
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.CreditedBatch(address(token), 600, abi.encodePacked(payeeRow(PAYEE, 600)));
        creditTo(PAYEE, 600);
        assertAccount(PAYEE, 600, 0);
        assertBook(600, 400, 600);
    }

    function testAPushPaysAtOnce() public {
        earn(0, 1000);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.PaidBatch(address(token), 600, 600, abi.encodePacked(payeeRow(PAYEE, 600)));
        creditTo(PAYEE, 600, true);
        assertAccount(PAYEE, 600, 600);
        assertBook(0, 400, 600);
        vm.assertEq(token.balanceOf(PAYEE), 600, "payee");
    }

    function testAPushPaysOlderCreditToo() public {
        earn(0, 1000);
        creditTo(PAYEE, 100);
        creditTo(PAYEE, 100, true); // Nothing new is promised.
        vm.assertEq(token.balanceOf(PAYEE), 100, "payee");
    }

    function testFuzz_PromisesAreCumulative_C26(uint128 first, uint128 second) public {
        earn(0, 1000);
        first = bound128(first, 0, 1000);
        second = bound128(second, 0, 1000);
        creditTo(PAYEE, first);
        creditTo(PAYEE, second);
        uint128 highest = first > second ? first : second;
        assertAccount(PAYEE, highest, 0);
        assertBook(highest, 1000 - highest, highest);
    }

    function testTheSamePayeeTwiceInABatchIsCreditedOnce_C26() public {
        earn(0, 1000);
        bytes32[] memory rows = new bytes32[](2);
        rows[0] = payeeRow(PAYEE, 300);
        rows[1] = rows[0];
        vm.prank(SIGNER);
        vault.credit(address(token), rows, true);
        assertAccount(PAYEE, 300, 300);
        assertBook(0, 700, 300);
    }

    function testFuzz_NeverCreditsMoreThanIsFree(uint128 earned, uint128 promised_) public {
        earned = bound128(earned, 1, type(uint128).max);
        promised_ = bound128(promised_, 0, type(uint96).max);
        earn(0, earned);
        creditTo(PAYEE, promised_);
        uint128 credited = promised_ < earned ? promised_ : earned;
        assertAccount(PAYEE, credited, 0);
        assertBook(credited, earned - credited, credited);
    }

    /// @dev The books end at 2^120 - 1 for each payee, of which no token has as many units.
    function testCreditEndsWhereTheBooksEnd_C14() public {
        earn(0, type(uint128).max);
        redeem(PAYEE, type(uint128).max);
        assertAccount(PAYEE, type(uint120).max, 0);
        redeem(PAYEE, type(uint128).max);
        assertAccount(PAYEE, type(uint120).max, 0);
        vault.withdrawFor(PAYEE, address(token));
        redeem(PAYEE, type(uint128).max);
        assertAccount(PAYEE, type(uint120).max, type(uint120).max);
        assertBook(0, type(uint128).max - type(uint120).max, type(uint120).max);
    }

    function testAPushOfMoreThanARowCanSayIsReportedAlone_C14() public {
        uint128 much = uint128(type(uint96).max) + 1;
        earn(0, much);
        redeem(PAYEE, much);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.Paid(PAYEE, address(token), PAYEE, much);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.PaidBatch(address(token), 0, much, "");
        creditTo(PAYEE, 0, true);
        assertAccount(PAYEE, much, much);
    }

    function testAPushOfCreditAndMoreThanARowCanSayIsReportedAlone_C14() public {
        uint128 much = type(uint96).max;
        earn(0, much + 10);
        redeem(PAYEE, much - 1);
        creditTo(PAYEE, much - 1, true);
        redeem(PAYEE, much + 5);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.Paid(PAYEE, address(token), PAYEE, 6);
        creditTo(PAYEE, much, true);
        assertAccount(PAYEE, much + 5, much + 5);
    }

    /// @dev Halfway through a batch the books do not say yet what the token's balances say.
    function testWhoIsPaidCannotReadTheBooksMeanwhile_C2() public {
        bytes32 guard = bytes32(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        HookToken hooked = new HookToken();
        hooked.mint(address(vault), 1000);
        bytes[3] memory questions = [
            abi.encodeCall(vault.free, (address(hooked))),
            abi.encodeCall(vault.owed, (address(hooked))),
            abi.encodeCall(vault.creditedTotal, (address(hooked)))
        ];
        for (uint256 i = 0; i < questions.length; ++i) {
            hooked.setHook(address(vault), address(vault), questions[i]);
            vm.prank(SIGNER);
            vault.credit(address(hooked), promised(PAYEE, uint128(10 * (i + 1))), true);
            vm.assertEq(bytes32(hooked.hookResult()), guard, vm.toString(i));
        }
    }

    function testFuzz_TheThreePartsOfAnAccountDoNotTouchEachOther(
        uint128 first,
        uint128 second,
        bool active
    ) public {
        address payee = active ? PAYEE : NEWCOMER;
        if (!active) announce(NEWCOMER);
        first = bound128(first, 1, active ? type(uint96).max : NEWCOMER_CAP);
        second = bound128(second, 1, type(uint96).max);
        earn(0, type(uint128).max);
        creditTo(payee, first, true);
        assertAccount(payee, first, first);
        later(WAIT);
        redeem(payee, first + second);
        assertAccount(payee, uint256(first) + second, first);
        vault.withdrawFor(payee, address(token));
        assertAccount(payee, uint256(first) + second, uint256(first) + second);
        vm.assertEq(token.balanceOf(payee), uint256(first) + second, "paid");
    }

    function testABatchSaysInOneEventWhomItCredited() public {
        makeActive(OTHER);
        earn(0, 1000);
        creditTo(PAYEE, 300);
        bytes32[] memory rows = new bytes32[](3);
        rows[0] = payeeRow(PAYEE, 300); // Old news, hence not reported.
        rows[1] = payeeRow(OTHER, 200);
        rows[2] = payeeRow(PAYEE, 2000); // More than is free.
        uint256 before = vm.snapshotState();
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.CreditedBatch(
            address(token), 700, abi.encodePacked(payeeRow(OTHER, 200), payeeRow(PAYEE, 800))
        );
        vm.prank(SIGNER);
        vault.credit(address(token), rows, false);
        assertBook(1000, 0, 1000);

        // With a push every row is paid as it comes, older credit first.
        vm.revertToState(before);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.PaidBatch(
            address(token),
            700,
            1000,
            abi.encodePacked(payeeRow(PAYEE, 300), payeeRow(OTHER, 200), payeeRow(PAYEE, 800))
        );
        vm.prank(SIGNER);
        vault.credit(address(token), rows, true);
        assertBook(0, 0, 1000);
    }

    function testABatchThatCreditsNobodyReportsNothing() public {
        earn(0, 1000);
        creditTo(PAYEE, 300);
        vault.withdrawFor(PAYEE, address(token));
        vm.recordLogs();
        creditTo(PAYEE, 300, true);
        vm.assertEq(vm.getRecordedLogs().length, 0, "logs");
    }

    function testWhatABatchCreditsIsGoneForItsLaterRows() public {
        makeActive(OTHER);
        earn(0, 1000);
        bytes32[] memory rows = new bytes32[](2);
        rows[0] = payeeRow(PAYEE, 700);
        rows[1] = payeeRow(OTHER, 700);
        vm.prank(SIGNER);
        vault.credit(address(token), rows, false);
        assertAccount(PAYEE, 700, 0);
        assertAccount(OTHER, 300, 0);
        assertBook(1000, 0, 1000);
    }

    function testTheRestOfAPromiseStaysRedeemable() public {
        earn(0, 1000);
        redeem(PAYEE, 1500);
        assertAccount(PAYEE, 1000, 0);
        earn(1, 700);
        redeem(PAYEE, 1500);
        assertAccount(PAYEE, 1500, 0);
        assertBook(1500, 200, 1500);
    }

    function testMoneyOfOnePayeeIsNotFreeForAnother() public {
        makeActive(OTHER);
        earn(0, 1000);
        creditTo(PAYEE, 1000);
        creditTo(OTHER, 1000);
        assertAccount(OTHER, 0, 0);
    }

    function testFuzz_OnlyALivePromiseKeyCredits(address caller) public {
        vm.assume(caller != SIGNER);
        vm.prank(caller);
        vm.expectRevert(IVaultRoles.NotLivePromiseKey.selector);
        vault.credit(address(token), promised(PAYEE, 1), false);
    }

    function testAnybodyRedeemsASignedPromise() public {
        earn(0, 1000);
        bytes memory signed = promiseBy(PROMISE_KEY, PAYEE, 600);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.Credited(PAYEE, address(token), 600, 600);
        vm.prank(STRANGER);
        vault.redeem(PAYEE, address(token), 600, signed);
        assertAccount(PAYEE, 600, 0);
    }

    function testAStalePromiseChangesNothing() public {
        earn(0, 1000);
        redeem(PAYEE, 600);
        vm.recordLogs();
        redeem(PAYEE, 600);
        redeem(PAYEE, 500);
        vm.assertEq(vm.getRecordedLogs().length, 0, "events");
        assertAccount(PAYEE, 600, 0);
        assertBook(600, 400, 600);
    }

    function testFuzz_OnlyAPromiseKeySignsPromises_C7(uint256 key) public {
        key = bound(key, 1, CURVE_ORDER - 1);
        vm.assume(key != PROMISE_KEY);
        earn(0, 1000);
        bytes memory signed = promiseBy(key, PAYEE, 600);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.NotPromiseKey.selector, vm.addr(key)));
        vault.redeem(PAYEE, address(token), 600, signed);
    }

    function testFuzz_APromiseIsForItsPayeeTokenAndAmount(
        address payee,
        address token_,
        uint128 amount
    ) public {
        vm.assume(payee != PAYEE || token_ != address(token) || amount != 600);
        bytes memory signed = promiseBy(PROMISE_KEY, PAYEE, 600);
        vm.expectRevert();
        vault.redeem(payee, token_, amount, signed);
    }

    function testAPromiseIsForOneVaultOnly_C6() public {
        HubVault other = deployVault(settings());
        bytes memory signed =
            signature(PROMISE_KEY, other.promiseDigest(PAYEE, address(token), 600));
        vm.expectRevert();
        vault.redeem(PAYEE, address(token), 600, signed);
    }

    function testAPromiseIsForOneChainOnly_C5() public {
        bytes memory signed = promiseBy(PROMISE_KEY, PAYEE, 600);
        vm.chainId(block.chainid + 1);
        vm.expectRevert();
        vault.redeem(PAYEE, address(token), 600, signed);
    }

    function testAMirroredPromiseIsRefused_C8() public {
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(PROMISE_KEY, vault.promiseDigest(PAYEE, address(token), 600));
        bytes32 mirrored = bytes32(CURVE_ORDER - uint256(s));
        bytes memory signed = abi.encodePacked(r, mirrored, v == 27 ? uint8(28) : uint8(27));
        vm.expectRevert(abi.encodeWithSignature("ECDSAInvalidSignatureS(bytes32)", mirrored));
        vault.redeem(PAYEE, address(token), 600, signed);
    }

    function testTheDomainAndTypeArePublished() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Millrace HubVault"),
                keccak256("1"),
                block.chainid,
                address(vault)
            )
        );
        bytes32 content = keccak256(
            abi.encode(
                keccak256("Promise(address payee,address token,uint128 cumulative)"),
                PAYEE,
                address(token),
                uint128(600)
            )
        );
        vm.assertEq(
            vault.promiseDigest(PAYEE, address(token), 600),
            keccak256(abi.encodePacked(hex"1901", domain, content)),
            "digest"
        );
    }

    function testAPayeeMustBeAnnounced() public {
        earn(0, 1000);
        bytes memory refusal =
            abi.encodeWithSelector(IHubVault.PayeeNotAnnounced.selector, NEWCOMER);
        vm.prank(SIGNER);
        vm.expectRevert(refusal);
        vault.credit(address(token), promised(NEWCOMER, 1), false);
        bytes memory signed = promiseBy(PROMISE_KEY, NEWCOMER, 1);
        vm.expectRevert(refusal);
        vault.redeem(NEWCOMER, address(token), 1, signed);
    }

    function testNewPayeesShareASmallCapPerDay() public {
        announce(NEWCOMER);
        announce(OTHER);
        earn(0, 1000);
        creditTo(NEWCOMER, 60);
        creditTo(OTHER, 70);
        assertAccount(NEWCOMER, 60, 0);
        assertAccount(OTHER, 40, 0);
        redeem(NEWCOMER, 200); // By promise it is no different.
        assertAccount(NEWCOMER, 60, 0);

        later(1 days);
        redeem(NEWCOMER, 200);
        assertAccount(NEWCOMER, 160, 0);
        creditTo(PAYEE, 500); // The cap is not for those whose delay is over.
        assertAccount(PAYEE, 500, 0);
    }

    function testTheCapEndsWithTheDelay_C25() public {
        announce(NEWCOMER);
        uint256 start = block.timestamp;
        earn(0, 1000);
        vm.warp(start + WAIT - 1);
        creditTo(NEWCOMER, 1000);
        assertAccount(NEWCOMER, NEWCOMER_CAP, 0);
        vm.warp(start + WAIT);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.PayeeActive(NEWCOMER);
        creditTo(NEWCOMER, 1000);
        assertAccount(NEWCOMER, 1000, 0);
    }

    function testAWithdrawalPaysWhereThePayeeSays() public {
        earn(0, 1000);
        creditTo(PAYEE, 600);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.Paid(PAYEE, address(token), STRANGER, 600);
        vm.prank(PAYEE);
        vault.withdraw(address(token), STRANGER);
        vm.assertEq(token.balanceOf(STRANGER), 600, "paid");
        assertAccount(PAYEE, 600, 600);
        assertBook(0, 400, 600);
    }

    function testAnybodyMayHaveAPayeePaid() public {
        earn(0, 1000);
        creditTo(PAYEE, 600);
        vm.prank(STRANGER);
        vault.withdrawFor(PAYEE, address(token));
        vm.assertEq(token.balanceOf(PAYEE), 600, "paid");
        vault.withdrawFor(PAYEE, address(token)); // Nothing is left, and that is no error.
        vm.assertEq(token.balanceOf(PAYEE), 600, "paid once");
    }

    function testCreditIsNotWithdrawnToNobodyOrToTheVault() public {
        earn(0, 1000);
        creditTo(PAYEE, 600);
        refusesRecipient(address(0));
        refusesRecipient(address(vault));
    }

    function testFuzz_AStrangerWithdrawsNothing(address caller) public {
        vm.assume(caller != PAYEE);
        earn(0, 1000);
        creditTo(PAYEE, 600);
        vm.prank(caller);
        vault.withdraw(address(token), STRANGER);
        assertAccount(PAYEE, 600, 0);
        vm.assertEq(token.balanceOf(STRANGER), 0, "stranger");
    }

    function testOneRefusedPushDoesNotStopTheOthers_C20() public {
        BlockingToken blocking = new BlockingToken();
        makeActive(OTHER);
        blocking.mint(address(vault), 1000);
        blocking.setBlocked(PAYEE, true);
        bytes32[] memory rows = new bytes32[](2);
        rows[0] = payeeRow(PAYEE, 300);
        rows[1] = payeeRow(OTHER, 200);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.PushFailed(PAYEE, address(blocking));
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.Credited(PAYEE, address(blocking), 300, 300);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IHubVault.PaidBatch(
            address(blocking), 500, 200, abi.encodePacked(payeeRow(OTHER, 200))
        );
        vm.prank(SIGNER);
        vault.credit(address(blocking), rows, true);

        vm.assertEq(blocking.balanceOf(OTHER), 200, "other");
        (uint128 credited, uint128 paid) = vault.account(PAYEE, address(blocking));
        vm.assertEq(credited, 300, "credited");
        vm.assertEq(paid, 0, "paid");
        vm.assertEq(vault.owed(address(blocking)), 300, "owed");
        vm.prank(PAYEE);
        vault.withdraw(address(blocking), STRANGER);
        vm.assertEq(blocking.balanceOf(STRANGER), 300, "elsewhere");
    }

    function testAHookThatBurnsGasDoesNotStopTheOthers_C21() public {
        HookToken hooked = new HookToken();
        makeActive(OTHER);
        hooked.mint(address(vault), 1000);
        hooked.setHook(address(vault), address(new GasBurner()), "");
        bytes32[] memory rows = new bytes32[](2);
        rows[0] = payeeRow(PAYEE, 300);
        rows[1] = payeeRow(OTHER, 200);
        vm.prank(SIGNER);
        vault.credit{gas: 1_500_000}(address(hooked), rows, true);
        vm.assertEq(vault.creditedTotal(address(hooked)), 500, "credited");
    }

    function testATokenThatReturnsNothingIsPaidOut_C19() public {
        SilentToken silent = new SilentToken();
        silent.mint(address(vault), 1000);
        vm.prank(SIGNER);
        vault.credit(address(silent), promised(PAYEE, 300), true);
        vm.assertEq(silent.balanceOf(PAYEE), 300, "payee");
    }

    function testATokenThatReportsFailureLeavesCredit_C19() public {
        FalseToken falseToken = new FalseToken();
        falseToken.mint(address(vault), 1000);
        falseToken.setFailing(true);
        vm.prank(SIGNER);
        vault.credit(address(falseToken), promised(PAYEE, 300), true);
        vm.assertEq(vault.owed(address(falseToken)), 300, "owed");
    }

    function testATokenWithoutCodeLeavesCredit_C19() public {
        HookToken gone = new HookToken();
        gone.mint(address(vault), 1000);
        vm.prank(SIGNER);
        vault.credit(address(gone), promised(PAYEE, 300), false);
        vm.mockCall(address(gone), abi.encodeCall(gone.balanceOf, (address(vault))), abi.encode(1000));
        vm.etch(address(gone), "");
        vm.prank(SIGNER);
        vault.credit(address(gone), promised(PAYEE, 300), true);
        vm.assertEq(vault.owed(address(gone)), 300, "owed");
    }

    function testAMalformedAnswerIsNoPayment_C19() public {
        earn(0, 1000);
        bytes memory call = abi.encodeCall(token.transfer, (PAYEE, 300));
        bytes[3] memory answers = [bytes(hex"01"), abi.encode(uint256(2)), abi.encode(false)];
        for (uint256 i = 0; i < answers.length; ++i) {
            vm.mockCall(address(token), call, answers[i]);
            vm.expectEmit(true, true, true, true, address(vault));
            emit IHubVault.PushFailed(PAYEE, address(token));
            creditTo(PAYEE, 300, true);
            assertAccount(PAYEE, 300, 0);
            assertBook(300, 700, 300);
        }
    }

    function testATransferThatRevertsIsNoPaymentWhateverItSays_C19() public {
        earn(0, 1000);
        bytes memory call = abi.encodeCall(token.transfer, (PAYEE, 300));
        bytes[2] memory answers = [bytes(""), abi.encode(true)];
        for (uint256 i = 0; i < answers.length; ++i) {
            vm.mockCallRevert(address(token), call, answers[i]);
            vm.expectEmit(true, true, true, true, address(vault));
            emit IHubVault.PushFailed(PAYEE, address(token));
            creditTo(PAYEE, 300, true);
            assertAccount(PAYEE, 300, 0);
        }
    }

    function testWhatTheTokensIssuerTookIsNotFreeAndStopsNobodyElse_C18() public {
        earn(0, 1000);
        makeActive(OTHER);
        creditTo(PAYEE, 600, false);
        vm.mockCall(
            address(token), abi.encodeCall(token.balanceOf, (address(vault))), abi.encode(599)
        );
        vm.assertEq(vault.free(address(token)), 0, "free");
        redeem(OTHER, 100);
        assertAccount(OTHER, 0, 0);
        vault.withdrawFor(PAYEE, address(token));
        vm.assertEq(token.balanceOf(PAYEE), 600, "paid");
    }

    function testWhereNothingIsCreditedNothingIsPaid() public {
        earn(0, 1000);
        vm.recordLogs();
        vault.withdrawFor(PAYEE, address(token));
        vm.prank(PAYEE);
        vault.withdraw(address(token), PAYEE);
        vm.assertEq(vm.getRecordedLogs().length, 0, "events");
    }

    function testATokenCannotCallBackDuringAPush_C1_C2() public {
        bytes32 guard = bytes32(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        bytes[] memory calls = mutators();
        HookToken hooked = new HookToken();
        hooked.mint(address(vault), 1000);
        for (uint256 i = 0; i < calls.length; ++i) {
            hooked.setHook(address(vault), address(vault), calls[i]);
            vm.prank(SIGNER);
            vault.credit(address(hooked), promised(PAYEE, uint128(10 * (i + 1))), true);
            vm.assertTrue(!hooked.hookDone(), vm.toString(i));
            vm.assertEq(bytes32(hooked.hookResult()), guard, vm.toString(i));
        }
    }

    function testATokenCannotCallBackAnyMutator_C1_C2() public {
        bytes32 guard = bytes32(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        bytes[] memory calls = mutators();
        HookToken hooked = new HookToken();
        hooked.mint(address(vault), 1000);
        for (uint256 i = 0; i < calls.length; ++i) {
            hooked.setHook(address(vault), address(vault), calls[i]);
            vm.prank(SIGNER);
            vault.credit(address(hooked), promised(PAYEE, uint128(10 * (i + 1))), false);
            vault.withdrawFor(PAYEE, address(hooked));
            vm.assertTrue(!hooked.hookDone(), vm.toString(i));
            vm.assertEq(bytes32(hooked.hookResult()), guard, vm.toString(i));
        }
    }

    function mutators() private view returns (bytes[] memory calls) {
        IPaymentChannels.VoucherClaim[] memory none = new IPaymentChannels.VoucherClaim[](0);
        IPaymentChannels.VoucherClaim memory row;
        calls = new bytes[](9);
        calls[0] = abi.encodeCall(vault.claim, (none));
        calls[1] = abi.encodeCall(vault.refund, (row, 1));
        calls[2] = abi.encodeCall(vault.credit, (address(token), promised(PAYEE, 1), true));
        calls[3] = abi.encodeCall(vault.redeem, (PAYEE, address(token), 1, new bytes(65)));
        calls[4] = abi.encodeCall(vault.withdraw, (address(token), STRANGER));
        calls[5] = abi.encodeCall(vault.withdrawFor, (PAYEE, address(token)));
        calls[6] = abi.encodeCall(vault.announceTake, (address(token), 1));
        calls[7] = abi.encodeCall(vault.take, (address(token), STRANGER));
        bytes memory batch = vaultBatch(new bytes(100), "");
        calls[8] = abi.encodeCall(vault.claimCompactRows, (batch));
    }

    function refusesRecipient(address to) private {
        vm.prank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(IHubVault.InvalidRecipient.selector, to));
        vault.withdraw(address(token), to);
    }

    function announce(address payee) private {
        vm.prank(SIGNER);
        vault.announcePayee(payee);
    }

    function makeActive(address payee) private {
        announce(payee);
        later(WAIT);
    }
}
