// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Pays out in the middle of a batch
/// @dev A token or a recipient's hook that fails must not cost others their payment: nothing here
/// reverts, the call has a limit of gas, and no more of its answer is read than is needed. Written
/// without memory of its own, for otherwise a hundred payments would mostly pay for memory.
library Push {
    /// @dev Whether the token moved the amount, judged as `SafeERC20` does: it says true, or it has code
    /// and says nothing.
    function send(address token, address to, uint256 amount, uint256 gasLimit)
        internal
        returns (bool sent)
    {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(0x00, 0xa9059cbb) // transfer(address,uint256)
            mstore(0x20, to)
            mstore(0x40, amount) // Of the pointer's place; it is put back below.
            let done := call(gasLimit, token, 0, 0x1c, 0x44, 0x00, 0x20)
            mstore(0x40, free)
            switch returndatasize()
            case 0 { sent := and(done, iszero(iszero(extcodesize(token)))) }
            default { sent := and(done, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))) }
        }
    }
}
