// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Reads the packed rows of a credit
library PayeeRows {
    /// @dev Whether there is such a row has been looked at by the caller's loop, and is not again.
    function word(bytes32[] calldata rows, uint256 index) internal pure returns (uint256 row) {
        assembly ("memory-safe") {
            row := calldataload(add(rows.offset, shl(5, index)))
        }
    }

    function payee(uint256 row) internal pure returns (address) {
        // Nothing is lost: 160 bits are left.
        // forge-lint: disable-next-line(unsafe-typecast)
        return address(uint160(row >> 96));
    }

    /// @dev The payee's cumulative promise.
    function promised(uint256 row) internal pure returns (uint256) {
        return row & type(uint96).max;
    }
}
