// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPaymentChannels} from "./interfaces/IPaymentChannels.sol";

/// @title Hashes the terms of a channel as typed data
/// @dev Terms lie in calldata just as they are hashed, one word each and in this order, so they are
/// copied as they are. `abi.encode` reads and writes every member by itself, for three times the
/// gas, and every operation on a channel begins with this.
library ConfigHash {
    /// @dev The seven members, in bytes.
    uint256 private constant CONFIG = 0xe0;

    /// @dev What would not fit the types of the members is refused, as everywhere in Solidity. Else
    /// different calldata could mean one channel to some functions, and another to others.
    function structHash(IPaymentChannels.ChannelConfig calldata config, bytes32 typehash)
        internal
        pure
        returns (bytes32 hash)
    {
        assembly ("memory-safe") {
            let addresses :=
                or(
                    or(calldataload(config), calldataload(add(config, 0x20))),
                    or(calldataload(add(config, 0x40)), calldataload(add(config, 0x60)))
                )
            addresses := or(addresses, calldataload(add(config, 0x80)))
            if or(shr(160, addresses), shr(40, calldataload(add(config, 0xa0)))) { revert(0, 0) }

            let data := mload(0x40) // Beyond what is in use, and not kept.
            mstore(data, typehash)
            calldatacopy(add(data, 0x20), config, CONFIG)
            hash := keccak256(data, add(CONFIG, 0x20))
        }
    }
}
