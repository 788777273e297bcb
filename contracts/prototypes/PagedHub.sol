// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Vouchers} from "./Vouchers.sol";

/// @title P2, verified: eight channels share a word, in lanes of 31 bits of a cent
/// @dev Only what a claim costs. The payer's own word says its deposit, epoch and lane, and a claim only
/// reads it; the hub sends rows in the order of their lanes, so that each page is written once.
contract PagedHub is Vouchers {
    uint256 private constant ROW = 71;
    uint256 private constant LANE = (1 << 31) - 1;
    uint256 private constant CENT = 10_000;

    function open(address signer, address hub, address token, uint96 deposit, uint32 index) external {
        _slots[_key(signer, _book(hub, token))] =
            (uint256(1) << 232) | (uint256(index) << 96) | deposit;
    }

    function claimedOf(address hub, address token, uint256 index) external view returns (uint256) {
        uint256 page = _slots[_page(_book(hub, token), index >> 3)];
        return ((page >> (31 * (index & 7))) & LANE) * CENT;
    }

    /// @param rows 71 bytes each: cents 4, epoch 3, r 32, vs 32.
    function claimBatch(address token, bytes calldata rows) external returns (uint256 total) {
        Row memory row = _begin(token);
        bytes memory log = _open(rows.length / ROW);
        uint256 number = type(uint256).max;
        uint256 page;
        uint256 from;
        assembly ("memory-safe") {
            from := rows.offset
        }
        unchecked {
            for (uint256 end = from + rows.length; from < end; from += ROW) {
                (address signer, uint256 payer) = _payer(row, from);
                if (signer == address(0)) continue;
                uint256 index = (payer >> 96) & type(uint32).max;
                if (index >> 3 != number) {
                    if (number != type(uint256).max) _slots[_page(row.book, number)] = page;
                    number = index >> 3;
                    page = _slots[_page(row.book, number)];
                }
                uint256 shift = 31 * (index & 7);
                uint256 claimed = (page >> shift) & LANE;
                uint256 cents = row.cumulative / CENT;
                if (cents <= claimed || row.cumulative > payer & type(uint96).max) continue;
                page += (cents - claimed) << shift;
                total += (cents - claimed) * CENT;
                _append(log, signer, row.cumulative);
            }
        }
        if (number != type(uint256).max) _slots[_page(row.book, number)] = page;
        earned[msg.sender][token] += total;
        emit Claimed(msg.sender, token, total, log);
    }

    /// @dev Nobody unless the voucher is of the payer's present epoch.
    function _payer(Row memory row, uint256 from)
        private
        view
        returns (address signer, uint256 payer)
    {
        assembly ("memory-safe") {
            mstore(add(row, 0x60), shr(232, calldataload(add(from, 4))))
            mstore(add(row, 0x80), mul(shr(224, calldataload(from)), CENT))
        }
        signer = _signer(row, from + 7);
        payer = _slots[_key(signer, row.book)];
        if (payer >> 232 != row.epoch) signer = address(0);
    }

    function _page(bytes32 book, uint256 index) private pure returns (bytes32 key) {
        assembly ("memory-safe") {
            mstore(0, index)
            mstore(32, book)
            key := keccak256(0, 64)
        }
    }
}
