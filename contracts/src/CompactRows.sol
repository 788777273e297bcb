// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {ICompactClaims} from "./interfaces/ICompactClaims.sol";

/// @title Reads the packed rows of a compact claim. See `ICompactClaims` for their layout.
/// @dev Every row is read into the same memory, in which only what differs between rows changes. With
/// memory of its own for each, a batch of a thousand rows would mostly pay for memory.
library CompactRows {
    uint256 private constant SHORT_ROW = 100;
    uint256 private constant LONG_ROW = 168;

    /// @dev Members of a struct lie in memory one word each and in this order, so two runs of them are
    /// what typed data hashes: `configTypehash` to `salt` and `voucherTypehash` to `ceiling`.
    struct Row {
        bytes32 domain;
        bytes32 configTypehash;
        address payer;
        address payerAuthorizer;
        address receiver;
        address receiverAuthorizer;
        address token;
        uint256 withdrawDelay;
        bytes32 salt;
        bytes32 voucherTypehash;
        bytes32 channelId;
        uint128 ceiling;
        uint128 charged;
        bytes32 r;
        bytes32 vs;
    }

    function shortCount(bytes calldata rows) internal pure returns (uint256) {
        return count(rows.length, SHORT_ROW);
    }

    function longCount(bytes calldata rows) internal pure returns (uint256) {
        return count(rows.length, LONG_ROW);
    }

    /// @dev The caller has made sure that `rows` has a short row of this index.
    function readShort(Row memory row, bytes calldata rows, uint256 index) internal pure {
        assembly ("memory-safe") {
            let from := add(rows.offset, mul(index, SHORT_ROW))
            let payer := shr(96, calldataload(from))
            mstore(add(row, 0x40), payer)
            mstore(add(row, 0x60), payer)
            mstore(add(row, 0x100), 0)
            let ceiling := shr(128, calldataload(add(from, 20)))
            mstore(add(row, 0x160), ceiling)
            mstore(add(row, 0x180), ceiling)
            mstore(add(row, 0x1a0), calldataload(add(from, 36)))
            mstore(add(row, 0x1c0), calldataload(add(from, 68)))
        }
        row.channelId = channelIdOf(row);
    }

    /// @dev The caller has made sure that `rows` has a long row of this index.
    function readLong(Row memory row, bytes calldata rows, uint256 index) internal pure {
        assembly ("memory-safe") {
            let from := add(rows.offset, mul(index, LONG_ROW))
            mstore(add(row, 0x40), shr(96, calldataload(from)))
            mstore(add(row, 0x60), shr(96, calldataload(add(from, 20))))
            mstore(add(row, 0x100), calldataload(add(from, 40)))
            mstore(add(row, 0x160), shr(128, calldataload(add(from, 72))))
            mstore(add(row, 0x180), shr(128, calldataload(add(from, 88))))
            mstore(add(row, 0x1a0), calldataload(add(from, 104)))
            mstore(add(row, 0x1c0), calldataload(add(from, 136)))
        }
        row.channelId = channelIdOf(row);
    }

    /// @dev False for an authoriser of zero, whom a signature that recovers nobody must not match.
    function isSigned(Row memory row) internal pure returns (bool) {
        bytes32 structHash;
        assembly ("memory-safe") {
            structHash := keccak256(add(row, 0x120), 0x60)
        }
        bytes32 digest = MessageHashUtils.toTypedDataHash(row.domain, structHash);
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(digest, row.r, row.vs);
        return failure == ECDSA.RecoverError.NoError && signer == row.payerAuthorizer;
    }

    function count(uint256 length, uint256 rowLength) private pure returns (uint256) {
        if (length % rowLength != 0) revert ICompactClaims.NotWholeRows(length, rowLength);
        return length / rowLength;
    }

    function channelIdOf(Row memory row) private pure returns (bytes32) {
        bytes32 structHash;
        assembly ("memory-safe") {
            structHash := keccak256(add(row, 0x20), 0x100)
        }
        return MessageHashUtils.toTypedDataHash(row.domain, structHash);
    }
}
