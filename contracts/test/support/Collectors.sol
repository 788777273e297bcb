// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IDepositCollector} from "../../src/interfaces/IDepositCollector.sol";

/// @dev The simplest honest collector: the payer has approved it.
contract AllowanceCollector is IDepositCollector {
    function collect(address payer, address token, uint256 amount, bytes32, bytes calldata)
        external
        virtual
    {
        SafeERC20.safeTransferFrom(IERC20(token), payer, msg.sender, amount);
    }
}

/// @dev Delivers `amount` plus what its data say, which may be negative.
contract WrongAmountCollector is IDepositCollector {
    function collect(address payer, address token, uint256 amount, bytes32, bytes calldata data)
        external
    {
        int256 error_ = abi.decode(data, (int256));
        // forge-lint: disable-next-line(unsafe-typecast)
        uint256 delivered = uint256(int256(amount) + error_);
        SafeERC20.safeTransferFrom(IERC20(token), payer, msg.sender, delivered);
    }
}

/// @dev Delivers nothing and reports success.
contract LyingCollector is IDepositCollector {
    function collect(address, address, uint256, bytes32, bytes calldata) external {}
}

/// @dev Delivers, and on the way calls back with what its data say.
contract ReentrantCollector is AllowanceCollector {
    bytes public answer;

    function collect(address payer, address token, uint256 amount, bytes32 id, bytes calldata data)
        external
        override
    {
        (bool done, bytes memory result) = msg.sender.call(data);
        require(!done, "the call back went through");
        answer = result;
        SafeERC20.safeTransferFrom(IERC20(token), payer, msg.sender, amount);
        id;
    }
}
