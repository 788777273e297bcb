// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICompactClaims} from "./interfaces/ICompactClaims.sol";

/// @title Reads the packed rows of a compact claim. See `ICompactClaims` for their layout.
/// @dev Every row is read into the same memory, in which only what differs between rows changes. With
/// memory of its own for each, a batch of a thousand rows would mostly pay for memory. This is where
/// nearly all gas is spent that is not given, hence assembly, here and nowhere else of the claim.
library CompactRows {
    uint256 internal constant HEADER = 47;
    uint256 internal constant SHORT_ROW = 100;
    uint256 internal constant LONG_ROW = 168;

    uint256 private constant HALF_ORDER =
        0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @dev Members of a struct lie in memory one word each and in this order, so runs of them are what
    /// is hashed or recovered from: `configTypehash` to `salt`; `voucherTypehash` to `ceiling`; the last
    /// two bytes of `prefix` (0x1901) to `structHash`; `digest` to `s`.
    struct Row {
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
        uint256 ceiling;
        uint256 prefix;
        bytes32 domain;
        bytes32 structHash;
        bytes32 digest;
        uint256 v;
        bytes32 r;
        uint256 s;
    }

    /// @dev Where in calldata the short rows begin, the long ones begin, and both end. Refuses what is
    /// not a header and whole rows.
    function span(bytes calldata batch)
        internal
        pure
        returns (uint256 shortRows, uint256 longRows, uint256 end)
    {
        if (batch.length < HEADER) revert ICompactClaims.NotWholeRows(batch.length, 0);
        uint256 count;
        assembly ("memory-safe") {
            count := shr(240, calldataload(add(batch.offset, 45)))
            shortRows := add(batch.offset, HEADER)
            longRows := add(shortRows, mul(count, SHORT_ROW))
            end := add(batch.offset, batch.length)
        }
        if (longRows > end || (end - longRows) % LONG_ROW != 0) {
            revert ICompactClaims.NotWholeRows(batch.length, count);
        }
    }

    /// @dev What the header says, which is there: see `span`.
    function header(bytes calldata batch)
        internal
        pure
        returns (address receiverAuthorizer, address token, uint256 withdrawDelay)
    {
        assembly ("memory-safe") {
            receiverAuthorizer := shr(96, calldataload(batch.offset))
            token := shr(96, calldataload(add(batch.offset, 20)))
            withdrawDelay := shr(216, calldataload(add(batch.offset, 40)))
        }
    }

    /// @param from Where a short row begins in calldata.
    function readShort(Row memory row, uint256 from)
        internal
        pure
        returns (bytes32 channelId, uint256 charged)
    {
        assembly ("memory-safe") {
            let payer := shr(96, calldataload(from))
            mstore(add(row, 0x20), payer)
            mstore(add(row, 0x40), payer)
            mstore(add(row, 0xe0), 0)
            charged := shr(128, calldataload(add(from, 20)))
            mstore(add(row, 0x140), charged)
            mstore(add(row, 0x200), calldataload(add(from, 36)))
            let vs := calldataload(add(from, 68))
            mstore(add(row, 0x1e0), add(shr(255, vs), 27))
            mstore(add(row, 0x220), shr(1, shl(1, vs)))
            mstore(add(row, 0x1a0), keccak256(row, 0x100))
            channelId := keccak256(add(row, 0x17e), 0x42)
            mstore(add(row, 0x120), channelId)
        }
    }

    /// @param from Where a long row begins in calldata.
    /// @return channelId The row's channel.
    /// @return charged What is to be claimed in all; nothing if the ceiling is below it.
    function readLong(Row memory row, uint256 from)
        internal
        pure
        returns (bytes32 channelId, uint256 charged)
    {
        assembly ("memory-safe") {
            mstore(add(row, 0x20), shr(96, calldataload(from)))
            mstore(add(row, 0x40), shr(96, calldataload(add(from, 20))))
            mstore(add(row, 0xe0), calldataload(add(from, 40)))
            let ceiling := shr(128, calldataload(add(from, 72)))
            mstore(add(row, 0x140), ceiling)
            charged := shr(128, calldataload(add(from, 88)))
            charged := mul(charged, iszero(gt(charged, ceiling)))
            mstore(add(row, 0x200), calldataload(add(from, 104)))
            let vs := calldataload(add(from, 136))
            mstore(add(row, 0x1e0), add(shr(255, vs), 27))
            mstore(add(row, 0x220), shr(1, shl(1, vs)))
            mstore(add(row, 0x1a0), keccak256(row, 0x100))
            channelId := keccak256(add(row, 0x17e), 0x42)
            mstore(add(row, 0x120), channelId)
        }
    }

    /// @dev False for a high `s`, and for an authoriser of zero, whom a signature that recovers nobody
    /// must not match.
    function isSigned(Row memory row) internal view returns (bool signed) {
        assembly ("memory-safe") {
            mstore(add(row, 0x1a0), keccak256(add(row, 0x100), 0x60))
            mstore(add(row, 0x1c0), keccak256(add(row, 0x17e), 0x42))
            mstore(0, 0)
            pop(staticcall(gas(), 1, add(row, 0x1c0), 0x80, 0, 0x20))
            let signer := mload(0)
            signed :=
                and(
                    iszero(gt(mload(add(row, 0x220)), HALF_ORDER)),
                    and(iszero(iszero(signer)), eq(signer, mload(add(row, 0x40))))
                )
        }
    }
}
