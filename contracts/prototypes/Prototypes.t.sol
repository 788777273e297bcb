// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Fixture} from "../test/support/Fixture.sol";
import {PagedHub} from "./PagedHub.sol";
import {SlotHub} from "./SlotHub.sol";

interface GasVm {
    struct Gas {
        uint64 gasLimit;
        uint64 gasTotalUsed;
        uint64 gasMemoryUsed;
        int64 gasRefunded;
        uint64 gasRemaining;
    }

    function lastCallGas() external view returns (Gas memory);
}

/// @dev What the ways of claiming that were not taken would cost, beside the one that was: a hundred
/// channels of one receiver, in use before, claimed by the receiver itself. Each call is a transaction of
/// its own (`isolate`), so storage is cold and what calldata costs is in the figure.
contract PrototypesTest is Fixture {
    event log_named_uint(string key, uint256 val);

    uint256 private constant CHANNELS = 100;
    uint256 private constant FIRST_PAYER = 0x1000;
    uint96 private constant DEPOSIT = 25_000_000;
    uint96 private constant BEFORE = 12_340_000;
    uint96 private constant AFTER = 13_450_000;

    SlotHub private slots;
    PagedHub private pages;

    function setUp() public override {
        super.setUp();
        slots = new SlotHub();
        pages = new PagedHub();
        for (uint256 i = 0; i < CHANNELS; ++i) {
            address payer = vm.addr(FIRST_PAYER + i);
            fund(plainTerms(FIRST_PAYER + i), DEPOSIT);
            slots.open(payer, RECEIVER, address(token), DEPOSIT);
            pages.open(payer, RECEIVER, address(token), DEPOSIT, uint32(i));
        }
        claimPacked(BEFORE);
        claimSlots(BEFORE);
        claimPages(BEFORE);
    }

    function testPackedRows() public {
        claimPacked(AFTER);
        report("P7, packed rows of x402 vouchers", 11_500);
        for (uint256 i = 0; i < CHANNELS; ++i) {
            assertChannel(channels.getChannelId(plainTerms(FIRST_PAYER + i)), DEPOSIT, AFTER);
        }
    }

    function testSlots() public {
        claimSlots(AFTER);
        report("P1, vouchers of our own", 11_000);
        for (uint256 i = 0; i < CHANNELS; ++i) {
            address payer = vm.addr(FIRST_PAYER + i);
            vm.assertEq(slots.claimedOf(payer, RECEIVER, address(token)), AFTER, "claimed");
        }
        claimSlots(AFTER);
        vm.assertEq(slots.earned(RECEIVER, address(token)), CHANNELS * AFTER, "once");
    }

    function testPages() public {
        claimPages(AFTER);
        report("P2, eight channels a word", 9_000);
        for (uint256 i = 0; i < CHANNELS; ++i) {
            vm.assertEq(pages.claimedOf(RECEIVER, address(token), i), AFTER, "claimed");
        }
        claimPages(AFTER);
        vm.assertEq(pages.earned(RECEIVER, address(token)), CHANNELS * AFTER, "once");
    }

    function claimPacked(uint128 total) private {
        bytes memory rows;
        for (uint256 i = 0; i < CHANNELS; ++i) {
            rows = bytes.concat(rows, shortRow(FIRST_PAYER + i, plainTerms(FIRST_PAYER + i), total));
        }
        claimCompactAsReceiver(rows, "");
    }

    function claimSlots(uint96 total) private {
        bytes memory rows;
        for (uint256 i = 0; i < CHANNELS; ++i) {
            bytes32 digest = slots.voucherDigest(RECEIVER, address(token), 1, total);
            (bytes32 r, bytes32 vs) = compactSign(FIRST_PAYER + i, digest);
            rows = bytes.concat(rows, abi.encodePacked(total, uint24(1), r, vs));
        }
        vm.prank(RECEIVER);
        slots.claimBatch(address(token), rows);
    }

    function claimPages(uint96 total) private {
        bytes memory rows;
        for (uint256 i = 0; i < CHANNELS; ++i) {
            bytes32 digest = pages.voucherDigest(RECEIVER, address(token), 1, total);
            (bytes32 r, bytes32 vs) = compactSign(FIRST_PAYER + i, digest);
            rows = bytes.concat(rows, abi.encodePacked(uint32(total / 10_000), uint24(1), r, vs));
        }
        vm.prank(RECEIVER);
        pages.claimBatch(address(token), rows);
    }

    function report(string memory what, uint256 limit) private {
        uint256 gas = GasVm(address(vm)).lastCallGas().gasTotalUsed;
        emit log_named_uint(what, gas / CHANNELS);
        vm.assertLe(gas, limit * CHANNELS, what);
    }
}
