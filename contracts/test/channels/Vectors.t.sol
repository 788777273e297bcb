// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DevToken} from "../../src/DevToken.sol";
import {PaymentChannels} from "../../src/PaymentChannels.sol";
import {IPaymentChannels} from "../../src/interfaces/IPaymentChannels.sol";
import {Test} from "../support/Test.sol";

/// @dev The known answers that stock clients agree with, at the address they have in their code.
contract VectorsTest is Test {
    address private constant CANONICAL = 0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003;
    address private constant COLLECTOR = 0x4020806089470a89826cB9fB1f4059150b550004;

    PaymentChannels private channels = PaymentChannels(CANONICAL);
    string private vectors;

    function setUp() public {
        vm.warp(1_700_000_000);
        vectors = vm.readFile("test/x402-vectors.json");
    }

    function testTheVectorsHoldOnTheDevelopmentChain() public {
        checkChain(31337, ".31337");
    }

    function testTheVectorsHoldOnAPublicChain_C5() public {
        checkChain(8453, ".8453");
    }

    /// @dev Code copied from elsewhere has another address cached, and must notice.
    function testCodeThatWasDeployedElsewhereNamesItsNewAddress() public {
        vm.chainId(31337);
        vm.etch(CANONICAL, deploy("PaymentChannels", "").code);
        checkDigests(".31337");
    }

    function testTheTypeHashesAreThePublishedOnes() public {
        place(31337);
        check(
            channels.CHANNEL_CONFIG_TYPEHASH(),
            "ChannelConfig(address payer,address payerAuthorizer,address receiver,address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)"
        );
        check(channels.VOUCHER_TYPEHASH(), "Voucher(bytes32 channelId,uint128 maxClaimableAmount)");
        check(channels.REFUND_TYPEHASH(), "Refund(bytes32 channelId,uint256 nonce,uint128 amount)");
        check(
            channels.CLAIM_ENTRY_TYPEHASH(),
            "ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)"
        );
        check(
            channels.CLAIM_BATCH_TYPEHASH(),
            "ClaimBatch(ClaimEntry[] claims)ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)"
        );
    }

    function testNoTwoSignedTypesShareAHash_C9() public {
        place(31337);
        bytes32[5] memory hashes = [
            channels.CHANNEL_CONFIG_TYPEHASH(),
            channels.VOUCHER_TYPEHASH(),
            channels.REFUND_TYPEHASH(),
            channels.CLAIM_ENTRY_TYPEHASH(),
            channels.CLAIM_BATCH_TYPEHASH()
        ];
        for (uint256 i = 0; i < hashes.length; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                vm.assertTrue(hashes[i] != hashes[j], "one hash for two types");
            }
        }
    }

    function testAPublishedVoucherIsPaidAsPublished() public {
        place(31337);
        IPaymentChannels.ChannelConfig memory config = published();
        vm.etch(config.token, deploy("DevToken", "").code);
        DevToken token = DevToken(config.token);
        token.mint(config.payer, 100_000);
        vm.etch(COLLECTOR, deploy("ERC3009DepositCollector", abi.encode(CANONICAL)).code);

        // The signatures are those of the vectors: a deposit, a voucher, a batch, a refund.
        channels.deposit(config, 100_000, COLLECTOR, publishedDeposit());
        IPaymentChannels.VoucherClaim[] memory rows = publishedRows();
        channels.claimWithSignature(rows, bytesAt(".31337.claimBatch.signature"));
        channels.refundWithSignature(config, 1500, 0, bytesAt(".31337.refund.signature"));

        (uint128 balance, uint128 claimed) = channels.channels(channels.getChannelId(config));
        vm.assertEq(balance, 98_500, "balance");
        vm.assertEq(claimed, 6500, "claimed");
    }

    function checkChain(uint256 chainId, string memory key) private {
        place(chainId);
        (, string memory name, string memory version, uint256 id, address place_,,) =
            channels.eip712Domain();
        vm.assertEq(bytes(name), bytes("x402 Batch Settlement"), "name");
        vm.assertEq(bytes(version), bytes("1"), "version");
        vm.assertEq(id, chainId, "chain id");
        vm.assertEq(place_, CANONICAL, "address");
        checkDigests(key);
    }

    function checkDigests(string memory key) private view {
        bytes32 id = word(key, ".channelId");
        vm.assertEq(channels.getChannelId(published()), id, "channel id");
        vm.assertEq(channels.getVoucherDigest(id, 7000), word(key, ".voucher.digest"), "voucher");
        vm.assertEq(channels.getRefundDigest(id, 0, 1500), word(key, ".refund.digest"), "refund");
        vm.assertEq(
            channels.getClaimBatchDigest(publishedRows()), word(key, ".claimBatch.digest"), "batch"
        );
        bytes32 nonce = keccak256(abi.encode(id, uint256(word(key, ".deposit.salt"))));
        vm.assertEq(nonce, word(key, ".deposit.erc3009Nonce"), "authorisation nonce");
    }

    /// @dev What `CanonicalPlacement` does on a development chain: the creating code, called in place,
    /// returns the code for that place.
    function place(uint256 chainId) private {
        vm.chainId(chainId);
        vm.etch(CANONICAL, creationCode("PaymentChannels", ""));
        (bool done, bytes memory code) = CANONICAL.staticcall("");
        vm.assertTrue(done && code.length > 0, "the constructor must return code");
        vm.etch(CANONICAL, code);
    }

    function published() private view returns (IPaymentChannels.ChannelConfig memory config) {
        config.payer = vm.parseJsonAddress(vectors, ".config.payer");
        config.payerAuthorizer = vm.parseJsonAddress(vectors, ".config.payerAuthorizer");
        config.receiver = vm.parseJsonAddress(vectors, ".config.receiver");
        config.receiverAuthorizer = vm.parseJsonAddress(vectors, ".config.receiverAuthorizer");
        config.token = vm.parseJsonAddress(vectors, ".config.token");
        config.withdrawDelay = uint40(vm.parseJsonUint(vectors, ".config.withdrawDelay"));
        config.salt = vm.parseJsonBytes32(vectors, ".config.salt");
    }

    function publishedRows() private view returns (IPaymentChannels.VoucherClaim[] memory rows) {
        rows = new IPaymentChannels.VoucherClaim[](1);
        rows[0].voucher = IPaymentChannels.Voucher(published(), 7000);
        rows[0].signature = bytesAt(".31337.voucher.signature");
        rows[0].totalClaimed = 6500;
    }

    function publishedDeposit() private view returns (bytes memory) {
        return abi.encode(
            vm.parseJsonUint(vectors, ".31337.deposit.validAfter"),
            vm.parseJsonUint(vectors, ".31337.deposit.validBefore"),
            uint256(word(".31337", ".deposit.salt")),
            bytesAt(".31337.deposit.signature")
        );
    }

    function word(string memory chain, string memory key) private view returns (bytes32) {
        return vm.parseJsonBytes32(vectors, string.concat(chain, key));
    }

    function bytesAt(string memory key) private view returns (bytes memory) {
        return vm.parseJsonBytes(vectors, key);
    }

    function check(bytes32 actual, string memory encodedType) private view {
        string memory key = string.concat("$.typehash['", encodedType, "']");
        vm.assertEq(actual, vm.parseJsonBytes32(vectors, key), encodedType);
    }
}
