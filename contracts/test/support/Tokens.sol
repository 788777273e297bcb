// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

contract PlainToken is ERC20("Plain", "PLN") {
    function mint(address to, uint256 value) external {
        _mint(to, value);
    }
}

/// @dev Keeps one percent of every transfer (C17).
contract FeeToken is PlainToken {
    function _update(address from, address to, uint256 value) internal override {
        uint256 fee = from == address(0) || to == address(0) ? 0 : value / 100;
        if (fee > 0) super._update(from, address(0), fee);
        super._update(from, to, value - fee);
    }
}

/// @dev Refuses recipients on a list, as USDC does (C20).
contract BlockingToken is PlainToken {
    mapping(address account => bool) public blocked;

    function setBlocked(address account, bool value) external {
        blocked[account] = value;
    }

    function _update(address from, address to, uint256 value) internal override {
        require(!blocked[to], "blocked");
        super._update(from, to, value);
    }
}

/// @dev Calls a hook of the recipient's choosing on every transfer out of `watched` (C1, C18, C21).
contract HookToken is PlainToken {
    address public hook;
    bytes public hookData;
    bytes public hookResult;
    bool public hookDone;
    address public watched;

    function setHook(address watched_, address hook_, bytes calldata data) external {
        (watched, hook, hookData) = (watched_, hook_, data);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from == watched && hook != address(0)) {
            (hookDone, hookResult) = hook.call(hookData);
        }
    }
}

/// @dev A recipient's hook that uses up whatever gas it gets (C21).
contract GasBurner {
    uint256 public sink;

    fallback() external {
        while (true) {
            ++sink;
        }
    }
}

/// @dev `transfer` returns nothing, as USDT's does (C19).
contract SilentToken {
    mapping(address account => uint256) public balanceOf;

    function mint(address to, uint256 value) external {
        balanceOf[to] += value;
    }

    function transfer(address to, uint256 value) external {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
    }

    function transferFrom(address from, address to, uint256 value) external {
        balanceOf[from] -= value;
        balanceOf[to] += value;
    }
}

/// @dev Reports failure instead of reverting (C19).
contract FalseToken {
    mapping(address account => uint256) public balanceOf;
    bool public failing;

    function mint(address to, uint256 value) external {
        balanceOf[to] += value;
    }

    function setFailing(bool value) external {
        failing = value;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        if (failing) return false;
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        if (failing) return false;
        balanceOf[from] -= value;
        balanceOf[to] += value;
        return true;
    }
}
