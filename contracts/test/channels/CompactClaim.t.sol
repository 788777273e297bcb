// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PaymentChannels} from "../../src/PaymentChannels.sol";
import {ICompactClaims} from "../../src/interfaces/ICompactClaims.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {Fixture} from "../support/Fixture.sol";
import {Vm} from "../support/Test.sol";

contract CompactClaimTest is Fixture {
    uint256 private constant FIRST_PAYER = 0x1000;

    bytes32 private id;

    function setUp() public override {
        super.setUp();
        id = fund(terms(), 1000);
    }

    function testTheVersionIsToBeAskedFor() public view {
        vm.assertEq(channels.COMPACT_CLAIMS(), 1, "version");
    }

    function testShortRowsAreRecordedAndReportedInOneEvent() public {
        bytes memory rows;
        bytes memory recorded;
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 channelId = fund(plainTerms(FIRST_PAYER + i), 1000);
            uint128 ceiling = uint128(100 * (i + 1));
            rows = bytes.concat(rows, shortRow(FIRST_PAYER + i, plainTerms(FIRST_PAYER + i), ceiling));
            recorded = bytes.concat(recorded, abi.encodePacked(channelId, ceiling));
        }
        vm.expectEmit(true, true, true, true, address(channels));
        emit ICompactClaims.ClaimedBatch(RECEIVER, address(token), 600, recorded);
        vm.recordLogs();
        vm.assertEq(claimCompactAsReceiver(rows, ""), 600, "returned");
        for (uint256 i = 0; i < 3; ++i) {
            assertChannel(channels.getChannelId(plainTerms(FIRST_PAYER + i)), 1000, 100 * (i + 1));
        }
        assertEarned(600);
    }

    function testALongRowNamesAuthorizerSaltAndTotal() public {
        bytes32 salted_ = fund(salted(7), 1000);
        bytes memory recorded = abi.encodePacked(salted_, uint128(650));
        vm.expectEmit(true, true, true, true, address(channels));
        emit ICompactClaims.ClaimedBatch(RECEIVER, address(token), 650, recorded);
        claimCompactAsReceiver("", longRow(AUTHORIZER_KEY, salted(7), 700, 650));
        assertChannel(salted_, 1000, 650);
        assertChannel(id, 1000, 0);
    }

    function testBothKindsOfRowsShareACallAndAnEvent() public {
        bytes32 short_ = fund(plainTerms(FIRST_PAYER), 1000);
        vm.recordLogs();
        claimCompactAsReceiver(
            shortRow(FIRST_PAYER, plainTerms(FIRST_PAYER), 300),
            longRow(AUTHORIZER_KEY, terms(), 700, 650)
        );
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 1, "logs");
        vm.assertEq(
            logs[0].data,
            abi.encode(
                uint128(950), abi.encodePacked(short_, uint128(300), id, uint128(650))
            ),
            "recorded"
        );
        assertEarned(950);
    }

    /// @dev The money of both ways of claiming is one: totals of a channel and of a receiver go on.
    function testBothWaysOfClaimingContinueEachOther() public {
        claimAsReceiver(terms(), 100);
        claimCompactAsReceiver("", longRow(AUTHORIZER_KEY, terms(), 300, 300));
        claimAsReceiver(terms(), 600);
        claimCompactAsReceiver("", longRow(AUTHORIZER_KEY, terms(), 500, 500)); // Old news by now.
        assertChannel(id, 1000, 600);
        assertEarned(600);
        channels.settle(RECEIVER, address(token));
        vm.assertEq(token.balanceOf(RECEIVER), 600, "settled");
    }

    /// @dev Differential: rows that `claim` accepts leave the same books behind either way.
    function testFuzz_GoodRowsLeaveTheBooksThatAClaimLeaves(
        uint128[4] memory balances,
        uint128[4] memory ceilings,
        uint128[4] memory totals
    ) public {
        IPaymentChannels.VoucherClaim[] memory rows = new IPaymentChannels.VoucherClaim[](4);
        bytes memory packed;
        for (uint256 i = 0; i < 4; ++i) {
            balances[i] = bound128(balances[i], 1, type(uint120).max);
            ceilings[i] = bound128(ceilings[i], 0, type(uint128).max);
            uint256 most = ceilings[i] < balances[i] ? ceilings[i] : balances[i];
            totals[i] = bound128(totals[i], 0, most);
            fund(salted(i + 1), balances[i]);
            rows[i] = rowOf(salted(i + 1), ceilings[i], totals[i]);
            packed = bytes.concat(
                packed, longRow(AUTHORIZER_KEY, salted(i + 1), ceilings[i], totals[i])
            );
        }
        uint256 before = vm.snapshotState();
        vm.prank(RECEIVER);
        channels.claim(rows);
        bytes32 expected = books();
        vm.revertToState(before);
        claimCompactAsReceiver("", packed);
        vm.assertEq(books(), expected, "books");
    }

    /// @dev Differential: each row, whatever is wrong with it, has the effect it has in a claim of its
    /// own, but for a total above the balance, which is cut instead of refused.
    function testFuzz_EveryRowStandsForItself(uint256[6] memory random) public {
        bytes memory packed;
        for (uint256 i = 0; i < 6; ++i) {
            packed = bytes.concat(packed, anyRow(i, random[i]));
        }
        claimCompactAsReceiver("", packed);
        uint256 sum = 0;
        for (uint256 i = 0; i < 6; ++i) {
            uint256 expected = expectedOf(random[i]);
            vm.assertEq(claimedOf(channels.getChannelId(salted(i + 1))), expected, "claimed");
            sum += expected;
        }
        assertEarned(sum);
    }

    function testASignatureOfAnybodyElseIsPassedOver_C7() public {
        passesOver(longRow(STRANGER_KEY, terms(), 700, 700));
        passesOver(longRow(PAYER_KEY, terms(), 700, 700));
    }

    function testFuzz_OnlyTheAuthorizerSignsVouchers_C7(uint256 key) public {
        key = bound(key, 1, CURVE_ORDER - 1);
        vm.assume(key != AUTHORIZER_KEY);
        passesOver(longRow(key, terms(), 700, 700));
    }

    function testAMirroredSignatureIsPassedOver_C8() public {
        // The compact form has 255 bits for s; what is left above half of the order is high.
        bytes32 highS = bytes32((CURVE_ORDER >> 1) + 1);
        (bytes32 r,) = compactSignature(AUTHORIZER_KEY, terms(), 700);
        passesOver(packedLong(terms(), 700, 700, r, highS));
        passesOver(packedLong(terms(), 700, 700, r, bytes32(uint256(highS) | (1 << 255))));
    }

    function testTheOtherParityIsPassedOver_C8() public {
        (bytes32 r, bytes32 vs) = compactSignature(AUTHORIZER_KEY, terms(), 700);
        passesOver(packedLong(terms(), 700, 700, r, bytes32(uint256(vs) ^ (1 << 255))));
    }

    function testAStaleRowIsPassedOver_C12() public {
        claimAsReceiver(terms(), 650);
        vm.assertEq(claimCompactAsReceiver("", longRow(AUTHORIZER_KEY, terms(), 700, 650)), 0, "same");
        vm.assertEq(claimCompactAsReceiver("", longRow(AUTHORIZER_KEY, terms(), 700, 600)), 0, "less");
        assertChannel(id, 1000, 650);
        assertEarned(650);
    }

    function testARowAboveItsCeilingIsPassedOver() public {
        passesOver(longRow(AUTHORIZER_KEY, terms(), 700, 701));
    }

    function testAnUnknownChannelIsPassedOver() public {
        passesOver(longRow(AUTHORIZER_KEY, salted(99), 700, 700));
    }

    function testADrainedChannelIsPassedOver_C3() public {
        claimAsReceiver(terms(), 400);
        vm.prank(RECEIVER);
        channels.refund(terms(), 600);
        vm.assertEq(claimCompactAsReceiver("", longRow(AUTHORIZER_KEY, terms(), 900, 900)), 0, "earned");
        assertChannel(id, 400, 400);
    }

    /// @dev The signature recovers nobody, which is also the address of the authoriser.
    function testARowWithoutAuthorizerIsPassedOver_C7_C10() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        config.payerAuthorizer = address(0);
        bytes32 revocable = fund(config, 1000);
        passesOver(packedLong(config, 700, 700, bytes32(0), bytes32(0)));
        passesOver(packedLong(config, 700, 700, bytes32(type(uint256).max), bytes32(uint256(1))));
        passesOver(longRow(PAYER_KEY, config, 700, 700));
        assertChannel(revocable, 1000, 0);
    }

    function testAPayerOfZeroIsPassedOver_C7() public {
        vm.assertEq(claimCompactAsReceiver(new bytes(100), new bytes(168)), 0, "earned");
    }

    function testMoreThanTheBalanceIsCutToIt_C14() public {
        bytes memory recorded = abi.encodePacked(id, uint128(1000));
        vm.expectEmit(true, true, true, true, address(channels));
        emit ICompactClaims.ClaimedBatch(RECEIVER, address(token), 1000, recorded);
        uint128 most = type(uint128).max;
        claimCompactAsReceiver("", longRow(AUTHORIZER_KEY, terms(), most, most));
        assertChannel(id, 1000, 1000);
        assertEarned(1000);
    }

    /// @dev No token of the kind that is supported has so many units.
    function testMoreThanTheReceiversBookHoldsIsRefused_C14() public {
        bytes memory rows;
        for (uint256 i = 1; i < 3; ++i) {
            fund(salted(i), type(uint128).max);
            rows = bytes.concat(
                rows, longRow(AUTHORIZER_KEY, salted(i), type(uint128).max, type(uint128).max)
            );
        }
        bytes memory batch = batchOf("", rows);
        vm.prank(RECEIVER);
        vm.expectRevert();
        channels.claimCompactRows(batch);
        assertEarned(0);
    }

    function testTheSameRowTwiceCountsOnce_C26() public {
        bytes memory row = longRow(AUTHORIZER_KEY, terms(), 700, 650);
        vm.assertEq(claimCompactAsReceiver("", bytes.concat(row, row)), 650, "earned");
        assertChannel(id, 1000, 650);
        assertEarned(650);
    }

    function testARisingChannelMayComeTwiceInABatch() public {
        bytes memory rows = bytes.concat(
            longRow(AUTHORIZER_KEY, terms(), 300, 300), longRow(AUTHORIZER_KEY, terms(), 700, 650)
        );
        vm.assertEq(claimCompactAsReceiver("", rows), 650, "earned");
        assertEarned(650);
    }

    function testAWithdrawalThatComesFirstCostsOnlyItsOwnRow_C11_C13() public {
        bytes32 honest = fund(salted(1), 1000);
        vm.prank(PAYER);
        channels.initiateWithdraw(terms(), 1000);
        vm.warp(block.timestamp + DELAY);
        vm.prank(PAYER);
        channels.finalizeWithdraw(terms());
        bytes memory rows = bytes.concat(
            longRow(AUTHORIZER_KEY, terms(), 500, 500), longRow(AUTHORIZER_KEY, salted(1), 500, 500)
        );
        vm.assertEq(claimCompactAsReceiver("", rows), 500, "earned");
        assertChannel(honest, 1000, 500);
    }

    /// @dev C13 at the boundary: until the withdrawal is finished, the claim wins.
    function testFuzz_AClaimBeforeTheEndOfTheDelayWins_C13(uint40 wait) public {
        vm.prank(PAYER);
        channels.initiateWithdraw(terms(), 1000);
        vm.warp(block.timestamp + bound(wait, 0, 2 * DELAY));
        vm.assertEq(claimCompactAsReceiver("", longRow(AUTHORIZER_KEY, terms(), 700, 700)), 700, "won");
    }

    function testFuzz_OnlyTheReceiverItself(address caller) public {
        vm.assume(caller != RECEIVER);
        bytes memory batch = batchOf("", longRow(AUTHORIZER_KEY, terms(), 700, 700));
        vm.prank(caller);
        uint128 earned = channels.claimCompactRows(batch);
        vm.assertEq(earned, 0, "earned");
        assertChannel(id, 1000, 0);
    }

    function testFuzz_OtherTermsAreOtherChannels(address authorizer, address token_, uint40 delay)
        public
    {
        vm.assume(authorizer != RECEIVER_AUTHORIZER || token_ != address(token) || delay != DELAY);
        bytes memory row = longRow(AUTHORIZER_KEY, terms(), 700, 700);
        bytes memory batch = batchOf(authorizer, token_, delay, "", row);
        vm.prank(RECEIVER);
        vm.assertEq(channels.claimCompactRows(batch), 0, "earned");
        assertChannel(id, 1000, 0);
    }

    function testAVoucherIsForOneChainOnly_C5() public {
        bytes memory row = longRow(AUTHORIZER_KEY, terms(), 700, 700);
        vm.chainId(block.chainid + 1);
        vm.assertEq(claimCompactAsReceiver("", row), 0, "earned");
    }

    function testAVoucherIsForOneDeploymentOnly_C6() public {
        PaymentChannels other = PaymentChannels(deploy("PaymentChannels", ""));
        bytes32 digest = other.getVoucherDigest(other.getChannelId(terms()), 700);
        (bytes32 r, bytes32 vs) = compactSign(AUTHORIZER_KEY, digest);
        passesOver(packedLong(terms(), 700, 700, r, vs));
    }

    function testARefundSignatureIsNoVoucher_C9() public {
        bytes32 digest = channels.getRefundDigest(id, 0, 700);
        (bytes32 r, bytes32 vs) = compactSign(AUTHORIZER_KEY, digest);
        passesOver(packedLong(terms(), 700, 700, r, vs));
    }

    function testFuzz_AVoucherIsForOneCeilingOnly(uint128 signed, uint128 shown) public {
        vm.assume(signed != shown && shown != 0);
        (bytes32 r, bytes32 vs) = compactSignature(AUTHORIZER_KEY, terms(), signed);
        passesOver(packedLong(terms(), shown, 1, r, vs));
    }

    function testRowsMustBeWhole_C28() public {
        bytes memory short_ = shortRow(FIRST_PAYER, plainTerms(FIRST_PAYER), 1);
        bytes memory long_ = longRow(AUTHORIZER_KEY, terms(), 1, 1);
        refusesRows(1, cut(short_, 99));
        refusesRows(1, bytes.concat(short_, hex"00"));
        refusesRows(0, cut(long_, 167));
        refusesRows(0, bytes.concat(long_, hex"00"));
        refusesRows(1, long_);
        refusesRows(0, short_);
        refusesRows(2, short_);
        refusesRows(type(uint16).max, bytes.concat(short_, long_));
        for (uint256 length = 0; length < 47; ++length) {
            bytes memory start = new bytes(length);
            for (uint256 i = 0; i < length; ++i) {
                start[i] = 0xff;
            }
            vm.prank(RECEIVER);
            vm.expectRevert(
                abi.encodeWithSelector(ICompactClaims.NotWholeRows.selector, length, 0)
            );
            channels.claimCompactRows(start);
        }
    }

    function testFuzz_OnlyWholeRowsAreRead_C28(uint16 length, uint8 shorts) public {
        uint256 size = bound(length, 1, 2000);
        uint256 count = bound(shorts, 0, 20);
        bytes memory batch = batchWith(uint16(count), new bytes(size));
        bool whole = size >= 100 * count && (size - 100 * count) % 168 == 0;
        vm.prank(RECEIVER);
        if (!whole) {
            vm.expectRevert(
                abi.encodeWithSelector(ICompactClaims.NotWholeRows.selector, size + 47, count)
            );
        }
        channels.claimCompactRows(batch);
    }

    function testABatchWithoutRowsIsRefused() public {
        vm.expectRevert(IPaymentChannels.EmptyBatch.selector);
        claimCompactAsReceiver("", "");
    }

    function testIfNothingIsRecordedNothingIsReported() public {
        vm.recordLogs();
        vm.assertEq(claimCompactAsReceiver("", longRow(STRANGER_KEY, terms(), 1, 1)), 0, "earned");
        vm.assertEq(vm.getRecordedLogs().length, 0, "logs");
    }

    /// @dev Whatever the bytes are, no row reverts and none is recorded without a signature.
    function testFuzz_NoiseClaimsNothing_C28(bytes32 seed, uint8 shorts, uint8 longs) public {
        bytes memory shortRows = noise(seed, 100 * bound(shorts, 1, 20));
        bytes memory longRows = noise(~seed, 168 * bound(longs, 0, 20));
        vm.assertEq(claimCompactAsReceiver(shortRows, longRows), 0, "earned");
        assertEarned(0);
    }

    /// @dev One byte changed anywhere: the total may fall, for that is the receiver's word; nothing
    /// else may happen, to this channel or to another.
    function testFuzz_AChangedByteNeverClaimsMore_C28(uint256 position, uint8 change) public {
        vm.assume(change != 0);
        bytes memory row = longRow(AUTHORIZER_KEY, terms(), 700, 650);
        position = bound(position, 0, 167);
        row[position] = bytes1(uint8(row[position]) ^ change);
        claimCompactAsReceiver("", row);
        uint128 claimed = claimedOf(id);
        bool inTotal = position >= 88 && position < 104;
        vm.assertTrue(claimed == 0 || (inTotal && claimed <= 700), "claimed by a changed row");
        assertEarned(claimed);
    }

    function testFuzz_AChangedByteOfAShortRowClaimsNothing_C28(uint256 position, uint8 change) public {
        vm.assume(change != 0);
        bytes32 plain = fund(plainTerms(FIRST_PAYER), 1000);
        bytes memory row = shortRow(FIRST_PAYER, plainTerms(FIRST_PAYER), 700);
        position = bound(position, 0, 99);
        row[position] = bytes1(uint8(row[position]) ^ change);
        claimCompactAsReceiver(row, "");
        assertChannel(plain, 1000, 0);
        assertEarned(0);
    }

    /// @dev What stands behind the rows in the calldata belongs to no row.
    function testNothingIsReadBeyondTheRows_C28() public {
        fund(plainTerms(FIRST_PAYER), 1000);
        bytes memory row = shortRow(FIRST_PAYER, plainTerms(FIRST_PAYER), 700);
        bytes memory data = abi.encodeCall(channels.claimCompactRows, (batchOf(row, "")));
        // The length says that the batch ends with its header; the row is still there.
        data[4 + 63] = bytes1(uint8(47));
        vm.prank(RECEIVER);
        (bool done,) = address(channels).call(data);
        vm.assertTrue(!done, "a row beyond the batch was taken");
        // Nor is a header, if the length does not cover it.
        data[4 + 63] = 0;
        vm.prank(RECEIVER);
        (done,) = address(channels).call(data);
        vm.assertTrue(!done, "a header beyond the batch was taken");
        assertEarned(0);
    }

    /// @dev Memory hardly grows with rows. If each had memory of its own, one of a thousand would cost a
    /// tenth more than one of a hundred.
    function testAThousandRowsCostPerRowWhatAHundredCost() public {
        uint256 hundred = gasOfRows(0, 100);
        uint256 thousand = gasOfRows(100, 1000);
        vm.assertLt(thousand / 1000, (hundred / 100) * 108 / 100, "gas of a row");
    }

    function gasOfRows(uint256 from, uint256 count) private returns (uint256) {
        bytes memory rows = new bytes(100 * count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 key = FIRST_PAYER + from + i;
            fund(plainTerms(key), 1000);
            bytes memory row = shortRow(key, plainTerms(key), 700);
            for (uint256 j = 0; j < 100; ++j) {
                rows[100 * i + j] = row[j];
            }
        }
        bytes memory data = abi.encodeCall(channels.claimCompactRows, (batchOf(rows, "")));
        vm.prank(RECEIVER);
        uint256 before = gasleft();
        (bool done,) = address(channels).call(data);
        uint256 used = before - gasleft();
        vm.assertTrue(done, "refused");
        return used;
    }

    /// @dev A row of channel `index + 1` with the fault that `random` says.
    function anyRow(uint256 index, uint256 random) private returns (bytes memory) {
        IPaymentChannels.ChannelConfig memory config = salted(index + 1);
        uint256 kind = random % 6;
        if (kind != 0) fund(config, uint128(500 + random % 500)); // Else: an unknown channel.
        if (kind == 1) return longRow(STRANGER_KEY, config, 400, 400);
        if (kind == 2) return longRow(AUTHORIZER_KEY, config, 400, 401);
        if (kind == 3) {
            claimAsReceiver(config, 450);
            return longRow(AUTHORIZER_KEY, config, 400, 400);
        }
        if (kind == 4) return longRow(AUTHORIZER_KEY, config, 5000, 5000);
        return longRow(AUTHORIZER_KEY, config, 400, 399);
    }

    function expectedOf(uint256 random) private pure returns (uint256) {
        uint256 kind = random % 6;
        if (kind == 3) return 450;
        if (kind == 4) return 500 + random % 500;
        return kind == 5 ? 399 : 0;
    }

    function packedLong(
        IPaymentChannels.ChannelConfig memory config,
        uint128 ceiling,
        uint128 total,
        bytes32 r,
        bytes32 vs
    ) private pure returns (bytes memory) {
        return abi.encodePacked(
            config.payer, config.payerAuthorizer, config.salt, ceiling, total, r, vs
        );
    }

    function cut(bytes memory rows, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = rows[i];
        }
    }

    function noise(bytes32 seed, uint256 length) private pure returns (bytes memory bytes_) {
        bytes_ = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            if (i % 32 == 0) seed = keccak256(abi.encode(seed));
            bytes_[i] = seed[i % 32];
        }
    }

    /// @dev The row stands between two good ones, which it must not cost anything.
    function passesOver(bytes memory row) private {
        uint256 before = vm.snapshotState();
        bytes32 first = fund(salted(101), 1000);
        bytes32 last = fund(salted(102), 1000);
        bytes memory rows = bytes.concat(
            longRow(AUTHORIZER_KEY, salted(101), 10, 10),
            row,
            longRow(AUTHORIZER_KEY, salted(102), 20, 20)
        );
        vm.assertEq(claimCompactAsReceiver("", rows), 30, "earned");
        assertChannel(first, 1000, 10);
        assertChannel(last, 1000, 20);
        assertChannel(id, 1000, 0);
        assertEarned(30);
        vm.revertToState(before);
    }

    function refusesRows(uint16 shorts, bytes memory rows) private {
        vm.prank(RECEIVER);
        vm.expectRevert(
            abi.encodeWithSelector(ICompactClaims.NotWholeRows.selector, rows.length + 47, shorts)
        );
        channels.claimCompactRows(batchWith(shorts, rows));
    }

    function batchWith(uint16 shorts, bytes memory rows) private view returns (bytes memory) {
        return abi.encodePacked(RECEIVER_AUTHORIZER, address(token), DELAY, shorts, rows);
    }

    function testTheReceiverNeedNotNameItselfAsAuthorizer() public {
        IPaymentChannels.ChannelConfig memory config = terms();
        config.receiverAuthorizer = RECEIVER;
        bytes32 own = fund(config, 1000);
        bytes memory rows = bytes.concat(
            longRow(AUTHORIZER_KEY, config, 700, 650), longRow(AUTHORIZER_KEY, terms(), 700, 650)
        );
        bytes memory batch = batchOf(address(0), address(token), DELAY, "", rows);
        vm.prank(RECEIVER);
        vm.assertEq(channels.claimCompactRows(batch), 650, "earned");
        assertChannel(own, 1000, 650);
        assertChannel(id, 1000, 0);
    }

    function books() private view returns (bytes32) {
        bytes memory all;
        for (uint256 i = 0; i < 4; ++i) {
            bytes32 channelId = channels.getChannelId(salted(i + 1));
            all = bytes.concat(all, abi.encode(balanceOf(channelId), claimedOf(channelId)));
        }
        (uint128 earned, uint128 settled) = channels.receivers(RECEIVER, address(token));
        return keccak256(bytes.concat(all, abi.encode(earned, settled)));
    }

    function assertEarned(uint256 expected) private view {
        (uint128 earned,) = channels.receivers(RECEIVER, address(token));
        vm.assertEq(earned, expected, "earned by the receiver");
    }
}
