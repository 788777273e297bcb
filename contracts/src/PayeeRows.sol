// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Reads the packed rows of a credit
library PayeeRows {
    /// @dev The payee, 20 bytes, and its cumulative promise, 12 bytes. Whether there is such a row has
    /// been looked at by the caller's loop, and is not looked at again.
    function payeeAt(bytes32[] calldata rows, uint256 index)
        internal
        pure
        returns (address payee, uint256 promised)
    {
        assembly ("memory-safe") {
            let row := calldataload(add(rows.offset, shl(5, index)))
            payee := shr(96, row)
            promised := and(row, 0xffffffffffffffffffffffff)
        }
    }
}
