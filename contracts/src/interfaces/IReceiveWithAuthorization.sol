// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The one function of EIP-3009 that deposits need, in the form that takes any signature
interface IReceiveWithAuthorization {
    /// @notice Moves `value` to the caller, who must be `to`, on the word of `from`.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;
}
