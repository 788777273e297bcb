// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DevToken} from "../../src/DevToken.sol";
import {Test} from "../support/Test.sol";
import {Wallet} from "../support/Wallets.sol";

contract DevTokenTest is Test {
    uint256 private constant OWNER_KEY = 0xA11CE;
    uint256 private constant OTHER_KEY = 0xB0B;
    bytes32 private constant NONCE = bytes32(uint256(77));
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    address private immutable OWNER = vm.addr(OWNER_KEY);
    address private constant TO = address(0xCAFE);

    DevToken private token;
    uint256 private after_;
    uint256 private before;

    function setUp() public {
        vm.warp(1_700_000_000);
        token = DevToken(deploy("DevToken", ""));
        token.mint(OWNER, 1000);
        after_ = block.timestamp - 1;
        before = block.timestamp + 1;
    }

    function testItLooksLikeUsdc() public view {
        vm.assertEq(bytes(token.name()), bytes("USD Coin"), "name");
        vm.assertEq(bytes(token.symbol()), bytes("USDC"), "symbol");
        vm.assertEq(bytes(token.version()), bytes("1"), "version");
        vm.assertEq(token.decimals(), 6, "decimals");
        (, string memory name, string memory version,,,,) = token.eip712Domain();
        vm.assertEq(bytes(name), bytes("USD Coin"), "domain name");
        vm.assertEq(bytes(version), bytes("1"), "domain version");
    }

    function testTheTypeHashesAreThoseOfTheStandard() public view {
        vm.assertEq(
            token.TRANSFER_WITH_AUTHORIZATION_TYPEHASH(),
            0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267,
            "transfer"
        );
        vm.assertEq(
            token.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
            0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8,
            "receive"
        );
        vm.assertEq(
            token.CANCEL_AUTHORIZATION_TYPEHASH(),
            0x158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429,
            "cancel"
        );
    }

    function testFuzz_AnybodyMayMint(address caller, uint128 value) public {
        vm.prank(caller);
        token.mint(TO, value);
        vm.assertEq(token.balanceOf(TO), value, "minted");
    }

    function testBothFormsOfATransferMoveTheMoney() public {
        bytes32 digest = transferDigest(400, after_, before, NONCE);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OWNER_KEY, digest);
        vm.expectEmit(true, true, true, true, address(token));
        emit DevToken.AuthorizationUsed(OWNER, NONCE);
        token.transferWithAuthorization(OWNER, TO, 400, after_, before, NONCE, v, r, s);
        vm.assertTrue(token.authorizationState(OWNER, NONCE), "used");

        bytes32 next = bytes32(uint256(78));
        bytes memory signed = signature(OWNER_KEY, transferDigest(100, after_, before, next));
        token.transferWithAuthorization(OWNER, TO, 100, after_, before, next, signed);
        vm.assertEq(token.balanceOf(TO), 500, "received");
    }

    function testBothFormsOfAReceiptMoveTheMoney() public {
        bytes32 typehash = token.RECEIVE_WITH_AUTHORIZATION_TYPEHASH();
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(OWNER_KEY, digestOf(typehash, 400, after_, before, NONCE));
        vm.prank(TO);
        token.receiveWithAuthorization(OWNER, TO, 400, after_, before, NONCE, v, r, s);

        bytes32 next = bytes32(uint256(78));
        bytes memory signed = signature(OWNER_KEY, digestOf(typehash, 100, after_, before, next));
        vm.prank(TO);
        token.receiveWithAuthorization(OWNER, TO, 100, after_, before, next, signed);
        vm.assertEq(token.balanceOf(TO), 500, "received");
    }

    function testOnlyTheRecipientMayReceive_C23() public {
        bytes32 typehash = token.RECEIVE_WITH_AUTHORIZATION_TYPEHASH();
        bytes memory signed = signature(OWNER_KEY, digestOf(typehash, 400, after_, before, NONCE));
        vm.expectRevert(DevToken.CallerMustBeRecipient.selector);
        token.receiveWithAuthorization(OWNER, TO, 400, after_, before, NONCE, signed);
    }

    function testATransferIsNoReceiptAndViceVersa_C9() public {
        bytes memory transferSigned = signature(OWNER_KEY, transferDigest(400, after_, before, NONCE));
        vm.prank(TO);
        vm.expectRevert(DevToken.InvalidAuthorizationSignature.selector);
        token.receiveWithAuthorization(OWNER, TO, 400, after_, before, NONCE, transferSigned);

        bytes memory receiptSigned = signature(
            OWNER_KEY,
            digestOf(token.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(), 400, after_, before, NONCE)
        );
        vm.expectRevert(DevToken.InvalidAuthorizationSignature.selector);
        token.transferWithAuthorization(OWNER, TO, 400, after_, before, NONCE, receiptSigned);
    }

    function testBothEndsOfTheTimeAreExcluded_C25() public {
        uint256 now_ = block.timestamp;
        bytes memory early = signature(OWNER_KEY, transferDigest(1, now_, before, NONCE));
        vm.expectRevert(DevToken.AuthorizationNotYetValid.selector);
        token.transferWithAuthorization(OWNER, TO, 1, now_, before, NONCE, early);
        bytes memory late = signature(OWNER_KEY, transferDigest(1, after_, now_, NONCE));
        vm.expectRevert(DevToken.AuthorizationExpired.selector);
        token.transferWithAuthorization(OWNER, TO, 1, after_, now_, NONCE, late);
    }

    function testAnAuthorizationWorksOnce() public {
        bytes memory signed = signature(OWNER_KEY, transferDigest(1, after_, before, NONCE));
        token.transferWithAuthorization(OWNER, TO, 1, after_, before, NONCE, signed);
        vm.expectRevert(DevToken.AuthorizationUsedOrCanceled.selector);
        token.transferWithAuthorization(OWNER, TO, 1, after_, before, NONCE, signed);
    }

    function testFuzz_OnlyTheOwnerSigns(uint128 key) public {
        vm.assume(key != 0 && key != OWNER_KEY);
        bytes memory signed = signature(key, transferDigest(1, after_, before, NONCE));
        vm.expectRevert(DevToken.InvalidAuthorizationSignature.selector);
        token.transferWithAuthorization(OWNER, TO, 1, after_, before, NONCE, signed);
    }

    function testBothFormsOfACancellationWork() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OWNER_KEY, cancelDigest(NONCE));
        vm.expectEmit(true, true, true, true, address(token));
        emit DevToken.AuthorizationCanceled(OWNER, NONCE);
        token.cancelAuthorization(OWNER, NONCE, v, r, s);
        bytes memory signed = signature(OWNER_KEY, transferDigest(1, after_, before, NONCE));
        vm.expectRevert(DevToken.AuthorizationUsedOrCanceled.selector);
        token.transferWithAuthorization(OWNER, TO, 1, after_, before, NONCE, signed);

        bytes32 next = bytes32(uint256(78));
        token.cancelAuthorization(OWNER, next, signature(OWNER_KEY, cancelDigest(next)));
        vm.assertTrue(token.authorizationState(OWNER, next), "cancelled");
        bytes memory again = signature(OWNER_KEY, cancelDigest(next));
        vm.expectRevert(DevToken.AuthorizationUsedOrCanceled.selector);
        token.cancelAuthorization(OWNER, next, again);
    }

    function testAStrangerCannotCancel() public {
        bytes memory signed = signature(OTHER_KEY, cancelDigest(NONCE));
        vm.expectRevert(DevToken.InvalidAuthorizationSignature.selector);
        token.cancelAuthorization(OWNER, NONCE, signed);
    }

    function testBothFormsOfAPermitGiveAnAllowance() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OWNER_KEY, permitDigest(OWNER, 40, 0));
        token.permit(OWNER, TO, 40, before, v, r, s);
        vm.assertEq(token.allowance(OWNER, TO), 40, "first");
        token.permit(OWNER, TO, 50, before, signature(OWNER_KEY, permitDigest(OWNER, 50, 1)));
        vm.assertEq(token.allowance(OWNER, TO), 50, "second");
    }

    function testAPermitExpiresAndNeedsItsSigner() public {
        bytes memory signed = signature(OTHER_KEY, permitDigest(OWNER, 40, 0));
        vm.expectRevert(DevToken.InvalidAuthorizationSignature.selector);
        token.permit(OWNER, TO, 40, before, signed);
        vm.warp(before + 1);
        vm.expectRevert(abi.encodeWithSignature("ERC2612ExpiredSignature(uint256)", before));
        token.permit(OWNER, TO, 40, before, signed);
    }

    function testAContractMaySignWithBytes() public {
        Wallet wallet = new Wallet(OWNER);
        token.permit(
            address(wallet), TO, 40, before, signature(OWNER_KEY, permitDigest(address(wallet), 40, 0))
        );
        vm.assertEq(token.allowance(address(wallet), TO), 40, "allowance");
    }

    function signature(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function transferDigest(uint256 value, uint256 from, uint256 until, bytes32 nonce)
        private
        view
        returns (bytes32)
    {
        return digestOf(token.TRANSFER_WITH_AUTHORIZATION_TYPEHASH(), value, from, until, nonce);
    }

    function digestOf(bytes32 typehash, uint256 value, uint256 from, uint256 until, bytes32 nonce)
        private
        view
        returns (bytes32)
    {
        return typed(keccak256(abi.encode(typehash, OWNER, TO, value, from, until, nonce)));
    }

    function cancelDigest(bytes32 nonce) private view returns (bytes32) {
        return typed(keccak256(abi.encode(token.CANCEL_AUTHORIZATION_TYPEHASH(), OWNER, nonce)));
    }

    function permitDigest(address owner, uint256 value, uint256 nonce) private view returns (bytes32) {
        return typed(keccak256(abi.encode(PERMIT_TYPEHASH, owner, TO, value, nonce, before)));
    }

    function typed(bytes32 structHash) private view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
    }
}
