// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HubVault} from "../../src/HubVault.sol";
import {IHubVault} from "../../src/interfaces/IHubVault.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {Fixture} from "./Fixture.sol";

/// @dev A vault with one of each role, one payee known from the start, and small caps.
abstract contract VaultFixture is Fixture {
    uint256 internal constant PROMISE_KEY = 0xF00D;
    uint256 internal constant SPARE_KEY = 0xF00E;

    address internal constant ADMIN = address(0xAD);
    address internal constant CLAIMER = address(0xC1);
    address internal constant REFUNDER = address(0x4EF);
    address internal constant PAYEE = address(0x9A1EE);
    address internal constant NEWCOMER = address(0x9A1EF);

    uint40 internal constant WAIT = 3 days;
    uint128 internal constant REFUND_CAP = 1000;
    uint128 internal constant NEWCOMER_CAP = 100;

    address internal immutable SIGNER = vm.addr(PROMISE_KEY);
    address internal immutable SPARE = vm.addr(SPARE_KEY);

    HubVault internal vault;

    function setUp() public virtual override {
        super.setUp();
        vault = deployVault(settings());
    }

    function settings() internal view returns (HubVault.Settings memory s) {
        s.channels = channels;
        s.delay = WAIT;
        s.admin = ADMIN;
        s.refunder = REFUNDER;
        s.claimers = list(CLAIMER);
        s.promiseKeys = list(SIGNER);
        s.payees = list(PAYEE);
        s.caps = new HubVault.TokenCaps[](1);
        s.caps[0] = HubVault.TokenCaps(address(token), REFUND_CAP, NEWCOMER_CAP);
    }

    function deployVault(HubVault.Settings memory s) internal returns (HubVault) {
        return HubVault(deploy("HubVault", abi.encode(s)));
    }

    function list(address only_) internal pure returns (address[] memory entries) {
        entries = new address[](1);
        entries[0] = only_;
    }

    function vaultTerms(uint256 salt)
        internal
        view
        returns (IPaymentChannels.ChannelConfig memory config)
    {
        config = salted(salt);
        config.receiver = address(vault);
        config.receiverAuthorizer = address(vault);
    }

    /// @dev A funded channel and the row that claims `total` of it.
    function fundedRow(uint256 salt, uint128 balance, uint128 total)
        internal
        returns (IPaymentChannels.VoucherClaim memory)
    {
        fund(vaultTerms(salt), balance);
        return rowOf(vaultTerms(salt), total, total);
    }

    /// @dev A packed batch of the vault, whose authoriser it is itself.
    function vaultBatch(bytes memory shortRows, bytes memory longRows)
        internal
        view
        returns (bytes memory)
    {
        return batchOf(address(0), address(token), DELAY, shortRows, longRows);
    }

    function claimAsVault(IPaymentChannels.VoucherClaim[] memory rows) internal {
        vm.prank(CLAIMER);
        vault.claim(rows);
    }

    /// @dev Free money in the vault, by the way it really comes.
    function earn(uint256 salt, uint128 amount) internal {
        claimAsVault(only(fundedRow(salt, amount, amount)));
    }

    function promised(address payee, uint256 cumulative)
        internal
        pure
        returns (bytes32[] memory rows)
    {
        rows = new bytes32[](1);
        rows[0] = payeeRow(payee, cumulative);
    }

    /// @dev As `IHubVault.credit` takes it, and as its events say it.
    function payeeRow(address payee, uint256 amount) internal pure returns (bytes32) {
        require(amount <= type(uint96).max, "a row has 96 bits for the amount");
        return bytes32(uint256(uint160(payee)) << 96 | amount);
    }

    function creditTo(address payee, uint128 cumulative) internal {
        creditTo(payee, cumulative, false);
    }

    function creditTo(address payee, uint128 cumulative, bool push) internal {
        vm.prank(SIGNER);
        vault.credit(address(token), promised(payee, cumulative), push);
    }

    function promiseBy(uint256 key, address payee, uint128 cumulative)
        internal
        view
        returns (bytes memory)
    {
        return signature(key, vault.promiseDigest(payee, address(token), cumulative));
    }

    function redeem(address payee, uint128 cumulative) internal {
        vault.redeem(
            payee, address(token), cumulative, promiseBy(PROMISE_KEY, payee, cumulative)
        );
    }

    function later(uint256 time) internal {
        vm.warp(block.timestamp + time);
    }

    function assertAccount(address payee, uint256 credited, uint256 paid) internal view {
        (uint128 actualCredited, uint128 actualPaid) = vault.account(payee, address(token));
        vm.assertEq(actualCredited, credited, "credited");
        vm.assertEq(actualPaid, paid, "paid");
    }

    function assertBook(uint256 owed, uint256 free, uint256 creditedTotal) internal view {
        vm.assertEq(vault.owed(address(token)), owed, "owed");
        vm.assertEq(vault.free(address(token)), free, "free");
        vm.assertEq(vault.creditedTotal(address(token)), creditedTotal, "credited total");
    }

    function asAdmin(bytes memory data) internal {
        vm.prank(ADMIN);
        (bool done,) = address(vault).call(data);
        vm.assertTrue(done, "the admin was refused");
    }

    function assertKey(address key, uint256 from, uint256 until) internal view {
        (uint40 actualFrom, uint40 actualUntil) = vault.promiseKey(key);
        vm.assertEq(actualFrom, from, "from");
        vm.assertEq(actualUntil, until, "until");
    }

    function assertCap(bool refunds, uint256 perDay, uint256 left, uint256 next, uint256 from)
        internal
        view
    {
        (uint128 actual, uint128 actualLeft, uint128 actualNext, uint40 actualFrom) =
            refunds ? vault.refundCap(address(token)) : vault.newPayeeCap(address(token));
        vm.assertEq(actual, perDay, "per day");
        vm.assertEq(actualLeft, left, "left");
        vm.assertEq(actualNext, next, "next");
        vm.assertEq(actualFrom, from, "from");
    }
}
