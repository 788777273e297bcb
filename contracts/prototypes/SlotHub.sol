// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Vouchers} from "./Vouchers.sol";

/// @title P1: a word for each channel, `[epoch 24 | exit 40 | claimed 96 | deposit 96]`
/// @dev Only what a claim costs. No tokens move, and there is no way out.
contract SlotHub is Vouchers {
    uint256 private constant ROW = 79;
    uint256 private constant AMOUNT = type(uint96).max;

    function open(address signer, address hub, address token, uint96 deposit) external {
        _slots[_key(signer, _book(hub, token))] = (uint256(1) << 232) | deposit;
    }

    function claimedOf(address signer, address hub, address token) external view returns (uint256) {
        return (_slots[_key(signer, _book(hub, token))] >> 96) & AMOUNT;
    }

    /// @param rows 79 bytes each: cumulative 12, epoch 3, r 32, vs 32.
    function claimBatch(address token, bytes calldata rows) external returns (uint256 total) {
        Row memory row = _begin(token);
        bytes memory log = _open(rows.length / ROW);
        unchecked {
            uint256 from;
            assembly ("memory-safe") {
                from := rows.offset
            }
            for (uint256 end = from + rows.length; from < end; from += ROW) {
                total += _claim(row, from, log);
            }
        }
        earned[msg.sender][token] += total;
        emit Claimed(msg.sender, token, total, log);
    }

    function _claim(Row memory row, uint256 from, bytes memory log) private returns (uint256) {
        uint256 cumulative;
        uint256 epoch;
        assembly ("memory-safe") {
            cumulative := shr(160, calldataload(from))
            epoch := shr(232, calldataload(add(from, 12)))
        }
        row.cumulative = cumulative;
        row.epoch = epoch;
        address signer = _signer(row, from + 15);
        if (signer == address(0)) return 0;

        bytes32 key = _key(signer, row.book);
        uint256 slot = _slots[key];
        uint256 claimed = (slot >> 96) & AMOUNT;
        uint256 deposit = slot & AMOUNT;
        if (cumulative > deposit) cumulative = deposit;
        if (slot >> 232 != epoch || cumulative <= claimed) return 0;
        unchecked {
            _slots[key] = slot + ((cumulative - claimed) << 96);
            _append(log, signer, cumulative);
            return cumulative - claimed;
        }
    }
}
