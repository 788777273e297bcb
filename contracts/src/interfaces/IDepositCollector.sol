// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A way of getting a payer's tokens into the channel contract
/// @notice The channel contract trusts no collector: it compares its own balance before and after.
interface IDepositCollector {
    /// @notice Moves exactly `amount` of `token` from `payer` to the caller.
    /// @param payer Whose tokens are moved; the collector must hold proof that it agrees.
    /// @param token The token of the channel.
    /// @param amount How much must arrive.
    /// @param channelId What the payer's agreement must name, so that nobody can divert it.
    /// @param collectorData The proof, in the collector's own format.
    function collect(
        address payer,
        address token,
        uint256 amount,
        bytes32 channelId,
        bytes calldata collectorData
    ) external;
}
