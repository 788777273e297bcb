// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Collects the packed rows of an event
/// @dev A log costs 8 gas a byte; an array of structs would spend most of it on zeros.
library PackedLog {
    uint256 internal constant CLAIM_ROW = 48;
    uint256 internal constant PAYEE_ROW = 32;

    /// @dev A row is written in whole words and so may reach this far beyond its end.
    uint256 private constant OVERHANG = 16;

    /// @dev An empty log with room for so many rows; more of them would overwrite other memory. The room
    /// is not cleared first, as that of `new bytes` is: nobody sees it before it is written.
    function open(uint256 rows, uint256 rowLength) internal pure returns (bytes memory log) {
        uint256 room = rows * rowLength + OVERHANG;
        assembly ("memory-safe") {
            log := mload(0x40)
            mstore(log, 0)
            mstore(0x40, add(log, and(add(room, 63), not(31))))
        }
    }

    /// @dev Appends a channel's id and its claimed total, a uint128: 32 and 16 bytes.
    function append(bytes memory log, bytes32 channelId, uint256 total) internal pure {
        assembly ("memory-safe") {
            let length := mload(log)
            let end := add(add(log, 32), length)
            mstore(end, channelId)
            mstore(add(end, 32), shl(128, total))
            mstore(log, add(length, CLAIM_ROW))
        }
    }

    /// @dev Where the first row goes. For who counts the place along by `put` and says at last, by
    /// `close`, how far the log goes.
    function start(bytes memory log) internal pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := add(log, 32)
        }
    }

    /// @dev Writes a row of one word, and returns where the next one goes.
    function put(uint256 place, uint256 row) internal pure returns (uint256) {
        assembly ("memory-safe") {
            mstore(place, row)
        }
        unchecked {
            return place + PAYEE_ROW;
        }
    }

    function close(bytes memory log, uint256 place) internal pure {
        assembly ("memory-safe") {
            mstore(log, sub(place, add(log, 32)))
        }
    }

    /// @dev Appends a payee and an amount that has at most 96 bits: 20 and 12 bytes.
    function appendPayee(bytes memory log, address payee, uint256 amount) internal pure {
        assembly ("memory-safe") {
            let length := mload(log)
            mstore(add(add(log, 32), length), or(shl(96, payee), amount))
            mstore(log, add(length, PAYEE_ROW))
        }
    }
}
