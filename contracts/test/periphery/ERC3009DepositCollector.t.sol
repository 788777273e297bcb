// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DevToken} from "../../src/DevToken.sol";
import {ERC3009DepositCollector} from "../../src/ERC3009DepositCollector.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {Fixture} from "../support/Fixture.sol";
import {Wallet} from "../support/Wallets.sol";

contract ERC3009DepositCollectorTest is Fixture {
    ERC3009DepositCollector private erc3009;

    function setUp() public override {
        super.setUp();
        erc3009 = ERC3009DepositCollector(
            deploy("ERC3009DepositCollector", abi.encode(address(channels)))
        );
        token.mint(PAYER, 1000);
    }

    function testAStrangerRelaysTheDepositOfAPayerWithoutGas() public {
        bytes memory data = authorizationFor(terms(), 1000, 7);
        vm.prank(STRANGER);
        channels.deposit(terms(), 1000, address(erc3009), data);
        assertChannel(channels.getChannelId(terms()), 1000, 0);
        vm.assertEq(token.balanceOf(address(erc3009)), 0, "the collector keeps nothing");
    }

    function testFuzz_AnAuthorizationIsForItsChannelOnly_C23(uint256 salt) public {
        vm.assume(salt != 0);
        bytes memory data = authorizationFor(terms(), 1000, 7);
        vm.expectRevert(DevToken.InvalidAuthorizationSignature.selector);
        channels.deposit(salted(salt), 1000, address(erc3009), data);
    }

    function testFuzz_AnAuthorizationIsForItsAmountOnly(uint128 amount) public {
        amount = bound128(amount, 1, 999);
        bytes memory data = authorizationFor(terms(), 1000, 7);
        vm.expectRevert(DevToken.InvalidAuthorizationSignature.selector);
        channels.deposit(terms(), amount, address(erc3009), data);
    }

    function testAnAuthorizationWorksOnce() public {
        bytes memory data = authorizationFor(terms(), 500, 7);
        channels.deposit(terms(), 500, address(erc3009), data);
        vm.expectRevert(DevToken.AuthorizationUsedOrCanceled.selector);
        channels.deposit(terms(), 500, address(erc3009), data);
    }

    function testAnotherSaltIsAnotherAuthorization() public {
        channels.deposit(terms(), 500, address(erc3009), authorizationFor(terms(), 500, 7));
        channels.deposit(terms(), 500, address(erc3009), authorizationFor(terms(), 500, 8));
        assertChannel(channels.getChannelId(terms()), 1000, 0);
    }

    /// @dev Whoever sees the authorisation could otherwise play the channel contract and be paid.
    function testFuzz_OnlyTheChannelContractCollects_C23(address caller) public {
        vm.assume(caller != address(channels));
        bytes32 id = channels.getChannelId(terms());
        bytes memory data = authorizationFor(terms(), 1000, 7);
        vm.prank(caller);
        vm.expectRevert(ERC3009DepositCollector.OnlyChannels.selector);
        erc3009.collect(PAYER, address(token), 1000, id, data);
    }

    /// @dev The token would let the recipient of the authorisation use it; that is the collector alone.
    function testFuzz_NobodyUsesTheAuthorizationAtTheToken_C23(address caller) public {
        vm.assume(caller != address(erc3009));
        (,,, bytes memory signed) = abi.decode(
            authorizationFor(terms(), 1000, 7), (uint256, uint256, uint256, bytes)
        );
        bytes32 nonce = keccak256(abi.encode(channels.getChannelId(terms()), uint256(7)));
        vm.prank(caller);
        vm.expectRevert(DevToken.CallerMustBeRecipient.selector);
        token.receiveWithAuthorization(
            PAYER, address(erc3009), 1000, 0, block.timestamp + 60, nonce, signed
        );
    }

    function testAPayerMayBeAContract() public {
        Wallet wallet = new Wallet(PAYER);
        token.mint(address(wallet), 100);
        IPaymentChannels.ChannelConfig memory config = terms();
        config.payer = address(wallet);
        channels.deposit(config, 100, address(erc3009), authorizationFor(config, 100, 7));
        assertChannel(channels.getChannelId(config), 100, 0);
    }

    function testItHasToKnowItsChannelContract() public {
        bytes memory code = creationCode("ERC3009DepositCollector", abi.encode(address(0)));
        vm.expectRevert(ERC3009DepositCollector.ZeroAddress.selector);
        create(code);
    }

    function authorizationFor(
        IPaymentChannels.ChannelConfig memory config,
        uint256 amount,
        uint256 salt
    ) private view returns (bytes memory) {
        uint256 validBefore = block.timestamp + 60;
        bytes32 digest = keccak256(
            abi.encodePacked(
                hex"1901",
                token.DOMAIN_SEPARATOR(),
                keccak256(
                    abi.encode(
                        token.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                        config.payer,
                        address(erc3009),
                        amount,
                        uint256(0),
                        validBefore,
                        keccak256(abi.encode(channels.getChannelId(config), salt))
                    )
                )
            )
        );
        return abi.encode(uint256(0), validBefore, salt, signature(PAYER_KEY, digest));
    }
}
