// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HubVault} from "../../src/HubVault.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {IVaultRoles} from "../../src/interfaces/IVaultRoles.sol";
import {VaultFixture} from "../support/VaultFixture.sol";

contract VaultDeploymentTest is VaultFixture {
    function testAVaultStartsWithWhatItIsGiven() public view {
        vm.assertEq(vault.admin(), ADMIN, "admin");
        vm.assertEq(vault.refunder(), REFUNDER, "refunder");
        vm.assertTrue(vault.claimer(CLAIMER), "claimer");
        vm.assertEq(vault.DELAY(), WAIT, "delay");
        vm.assertEq(address(vault.CHANNELS()), address(channels), "channels");
        vm.assertEq(vault.activeFrom(PAYEE), block.timestamp, "payee");
        vm.assertEq(vault.activeFrom(NEWCOMER), 0, "newcomer");
        assertKey(SIGNER, block.timestamp, 0);
        assertCap(true, REFUND_CAP, REFUND_CAP, 0, 0);
        assertCap(false, NEWCOMER_CAP, NEWCOMER_CAP, 0, 0);
    }

    function testOnAPublicChainTheDelayIsAtLeastTwoDays() public {
        HubVault.Settings memory s = settings();
        s.delay = 2 days - 1;
        deployVault(s); // This chain has the id of a development node.

        vm.chainId(8453);
        refusesToDeploy(
            s, abi.encodeWithSelector(IVaultRoles.DelayOutOfRange.selector, uint256(s.delay))
        );
        s.delay = 2 days;
        deployVault(s);
    }

    function testTheDelayIsNeitherZeroNorEndless() public {
        HubVault.Settings memory s = settings();
        s.delay = 0;
        refusesToDeploy(s, abi.encodeWithSelector(IVaultRoles.DelayOutOfRange.selector, uint256(0)));
        s.delay = 30 days + 1;
        refusesToDeploy(
            s, abi.encodeWithSelector(IVaultRoles.DelayOutOfRange.selector, uint256(s.delay))
        );
        s.delay = 30 days;
        deployVault(s);
    }

    function testAVaultNeedsAnAdminAndAChannelContract() public {
        HubVault.Settings memory s = settings();
        s.admin = address(0);
        refusesToDeploy(s, abi.encodeWithSelector(IVaultRoles.ZeroAddress.selector));
        s = settings();
        s.channels = IPaymentChannels(STRANGER);
        refusesToDeploy(s, abi.encodeWithSelector(IVaultRoles.ZeroAddress.selector));
    }

    function testNoKeyIsZero_C7() public {
        HubVault.Settings memory s = settings();
        s.promiseKeys[0] = address(0);
        refusesToDeploy(s, abi.encodeWithSelector(IVaultRoles.ZeroAddress.selector));
        s = settings();
        s.claimers[0] = address(0);
        refusesToDeploy(s, abi.encodeWithSelector(IVaultRoles.ZeroAddress.selector));
    }

    function refusesToDeploy(HubVault.Settings memory s, bytes memory reason) private {
        bytes memory code = creationCode("HubVault", abi.encode(s));
        vm.expectRevert(reason);
        create(code);
    }
}
