// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IDepositCollector} from "./interfaces/IDepositCollector.sol";
import {IReceiveWithAuthorization} from "./interfaces/IReceiveWithAuthorization.sol";

/// @title Deposits by EIP-3009 authorisation: the payer signs, anybody pays the gas
/// @notice The authorisation names this contract as recipient and, through its nonce, one channel.
contract ERC3009DepositCollector is IDepositCollector {
    using SafeERC20 for IERC20;

    /// @notice The only contract that may collect, and the only one that is ever paid.
    address public immutable CHANNELS;

    /// @notice The caller is not the channel contract.
    error OnlyChannels();

    /// @notice The channel contract cannot be the zero address.
    error ZeroAddress();

    /// @param channels The channel contract that deposits go to.
    constructor(address channels) {
        if (channels == address(0)) revert ZeroAddress();
        CHANNELS = channels;
    }

    /// @inheritdoc IDepositCollector
    /// @dev `collectorData` is `abi.encode(validAfter, validBefore, salt, signature)`. Were the caller
    /// not checked, whoever sees the authorisation first could have the tokens sent to itself.
    function collect(
        address payer,
        address token,
        uint256 amount,
        bytes32 channelId,
        bytes calldata collectorData
    ) external {
        if (msg.sender != CHANNELS) revert OnlyChannels();
        (uint256 validAfter, uint256 validBefore, uint256 salt, bytes memory signature) =
            abi.decode(collectorData, (uint256, uint256, uint256, bytes));

        bytes32 nonce = keccak256(abi.encode(channelId, salt));
        IReceiveWithAuthorization(token).receiveWithAuthorization(
            payer, address(this), amount, validAfter, validBefore, nonce, signature
        );
        IERC20(token).safeTransfer(CHANNELS, amount);
    }
}
