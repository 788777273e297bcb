// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IHubVault} from "../../src/interfaces/IHubVault.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {VaultFixture} from "../support/VaultFixture.sol";

/// @dev Everybody around a vault at random: payers, hub, payees, and an admin who takes what it can.
contract VaultActor is VaultFixture {
    address public constant SAFE = address(0x5AFE);
    uint256 private constant ACTIONS = 8;

    uint256[2 * ACTIONS] public outcomes;
    uint256 public taken;
    uint128 public cumulative;
    uint256 private salt;

    function act(uint256 action, uint256 index, uint128 amount, uint128 wait) external {
        action = action % ACTIONS;
        address payee = payeeAt(index);
        uint256 before = token.balanceOf(SAFE);
        bytes memory call;
        address caller = SIGNER;
        if (action == 0) {
            earn(++salt, bound128(amount, 1, 1e9));
            return;
        }
        if (action == 1) {
            call = abi.encodeCall(
                vault.credit, (address(token), promised(payee, next(amount)), amount % 2 == 0)
            );
        }
        if (action == 2) {
            uint128 total = next(amount);
            bytes memory signed = promiseBy(amount % 5 == 0 ? SPARE_KEY : PROMISE_KEY, payee, total);
            call = abi.encodeCall(vault.redeem, (payee, address(token), total, signed));
        }
        if (action == 3) {
            caller = payee;
            call = abi.encodeCall(vault.withdraw, (address(token), payee));
        }
        if (action == 4) call = abi.encodeCall(vault.withdrawFor, (payee, address(token)));
        if (action == 5) {
            caller = ADMIN;
            uint128 wanted = bound128(amount, 0, vault.free(address(token)) * 5 / 4 + 10);
            call = abi.encodeCall(vault.announceTake, (address(token), wanted));
        }
        if (action == 6) {
            later(wait % (WAIT + 2 days));
            caller = ADMIN;
            call = abi.encodeCall(vault.take, (address(token), SAFE));
        }
        if (action == 7) call = abi.encodeCall(vault.announcePayee, (payee));
        vm.prank(caller);
        (bool done,) = address(vault).call(call);
        taken += token.balanceOf(SAFE) - before;
        ++outcomes[2 * action + (done ? 1 : 0)];
    }

    function payeeAt(uint256 index) public pure returns (address) {
        address[3] memory payees = [PAYEE, NEWCOMER, address(0x9A1F0)];
        return payees[index % payees.length];
    }

    function accountAt(uint256 index) external view returns (uint128 credited, uint128 paid) {
        return vault.account(payeeAt(index), address(token));
    }

    function book() external view returns (uint256 owed, uint256 creditedTotal, uint256 held) {
        owed = vault.owed(address(token));
        creditedTotal = vault.creditedTotal(address(token));
        held = token.balanceOf(address(vault));
    }

    function paidTo(uint256 index) external view returns (uint256) {
        return token.balanceOf(payeeAt(index));
    }

    function totals() external view returns (uint256 earned, uint256 unsettled) {
        (uint128 total, uint128 settled) = channels.receivers(address(vault), address(token));
        return (total, total - settled);
    }

    /// @dev Promises mostly rise slowly, so that there is always something left to redeem.
    function next(uint128 amount) private returns (uint128) {
        cumulative += amount % 1e7;
        return amount % 7 == 0 ? cumulative / 2 : cumulative;
    }
}

contract VaultInvariantTest is VaultFixture {
    VaultActor private actor;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public override {
        actor = new VaultActor();
        actor.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(actor);
        targets[0].selectors = new bytes4[](1);
        targets[0].selectors[0] = VaultActor.act.selector;
    }

    function invariant_TheVaultOwesNothingItDoesNotHold() public view {
        (uint256 owed, uint256 creditedTotal, uint256 held) = actor.book();
        vm.assertGe(held, owed, "balance covers credit");

        uint256 credited = 0;
        uint256 paid = 0;
        for (uint256 i = 0; i < 3; ++i) {
            (uint128 accountCredited, uint128 accountPaid) = actor.accountAt(i);
            vm.assertLe(accountPaid, accountCredited, "paid more than credited");
            vm.assertEq(actor.paidTo(i), accountPaid, "what is booked as paid arrived");
            credited += accountCredited;
            paid += accountPaid;
        }
        vm.assertEq(creditedTotal, credited, "credited total is the sum of accounts");
        vm.assertEq(owed, credited - paid, "owed is the sum of credit");

        (uint256 earned, uint256 unsettled) = actor.totals();
        vm.assertEq(held + paid + actor.taken() + unsettled, earned, "no money is made or lost");
    }

    function testTheRandomWalkReachesEveryOutcome() public {
        for (uint256 i = 0; i < 600; ++i) {
            uint256 random = uint256(keccak256(abi.encode(i)));
            actor.act(random >> 8, random >> 16, uint128(random >> 64), uint128(random >> 128));
        }
        // Worked: credit, redeem, withdraw, withdrawFor, announceTake, take, announcePayee.
        uint256[10] memory reached =
            [uint256(3), 5, 7, 9, 11, 13, 15, 4, 10, 12]; // Refused: redeem, announceTake, take.
        for (uint256 i = 0; i < reached.length; ++i) {
            vm.assertTrue(actor.outcomes(reached[i]) > 3, vm.toString(reached[i]));
        }
        vm.assertTrue(actor.taken() > 0, "something was taken");
        invariant_TheVaultOwesNothingItDoesNotHold();
    }
}
