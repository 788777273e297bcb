// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IVaultRoles} from "../../src/interfaces/IVaultRoles.sol";
import {VaultFixture} from "../support/VaultFixture.sol";

contract VaultCapsTest is VaultFixture {
    function testTheRefundCapIsRaisedAfterTheDelayAndLoweredAtOnce_C25() public {
        uint256 from = block.timestamp + WAIT;
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.RefundCapAnnounced(address(token), 5000, uint40(from));
        asAdmin(abi.encodeCall(vault.setRefundCap, (address(token), 5000)));
        assertCap(true, REFUND_CAP, REFUND_CAP, 5000, from);
        vm.warp(from - 1);
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmRefundCap(address(token));
        vm.warp(from);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.RefundCapChanged(address(token), 5000);
        vault.confirmRefundCap(address(token));
        assertCap(true, 5000, 5000, 0, 0);

        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.RefundCapChanged(address(token), 10);
        asAdmin(abi.encodeCall(vault.setRefundCap, (address(token), 10)));
        assertCap(true, 10, 10, 0, 0);
    }

    function testTheNewPayeeCapIsRaisedAfterTheDelayAndLoweredAtOnce_C25() public {
        uint256 from = block.timestamp + WAIT;
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.NewPayeeCapAnnounced(address(token), 5000, uint40(from));
        asAdmin(abi.encodeCall(vault.setNewPayeeCap, (address(token), 5000)));
        assertCap(false, NEWCOMER_CAP, NEWCOMER_CAP, 5000, from);
        vm.warp(from - 1);
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmNewPayeeCap(address(token));
        vm.warp(from);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.NewPayeeCapChanged(address(token), 5000);
        vault.confirmNewPayeeCap(address(token));
        assertCap(false, 5000, 5000, 0, 0);

        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultRoles.NewPayeeCapChanged(address(token), 10);
        asAdmin(abi.encodeCall(vault.setNewPayeeCap, (address(token), 10)));
        assertCap(false, 10, 10, 0, 0);
    }

    function testLoweringACapForgetsAnAnnouncedRaise() public {
        asAdmin(abi.encodeCall(vault.setRefundCap, (address(token), 5000)));
        asAdmin(abi.encodeCall(vault.setRefundCap, (address(token), REFUND_CAP)));
        later(WAIT);
        vm.expectRevert(IVaultRoles.NotReady.selector);
        vault.confirmRefundCap(address(token));
    }
}
