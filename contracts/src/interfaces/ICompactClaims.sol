// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Claims with packed rows, beside the published interface
/// @notice The receiver claims from many of its channels with packed rows. The vouchers, ids and
/// signatures are those of `IPaymentChannels`, and a channel does not care which way it is claimed.
///
/// All rows of a call share receiver, receiver authoriser, token and withdraw delay. A batch is packed
/// without gaps, integers big-endian. It begins with 47 bytes: receiver authoriser 20 (zero for the
/// receiver itself), token 20, withdraw delay 5, number of short rows 2. Then come rows of two kinds:
///
/// * the short ones, 100 bytes each: payer 20, ceiling 16, r 32, vs 32. The payer is its own
///   authoriser, the salt is zero, and the whole ceiling is claimed.
/// * as many long ones as fill the rest, 168 bytes each: payer 20, payer authoriser 20, salt 32,
///   ceiling 16, total to be claimed 16, r 32, vs 32.
///
/// `r` and `vs` are the authoriser's signature of the voucher in its compact form (ERC-2098).
/// @dev Unlike `claim`, a row never reverts the batch. One that is wrong or out of date is passed over,
/// and one that asks for more than the channel holds gets what it holds. So nobody can spoil a batch
/// that was right when it was sent, and the batch never has to be tried row by row.
interface ICompactClaims {
    /// @notice Rows of one receiver were recorded; all others of the call were passed over.
    /// @param claimAmount By how much they raised what the receiver has earned, together.
    /// @param rows Of each recorded row, 48 bytes: the channel's id 32, its new claimed total 16.
    event ClaimedBatch(
        address indexed receiver, address indexed token, uint128 claimAmount, bytes rows
    );

    /// @notice The bytes are not a header, the short rows that it announces, and whole long rows.
    error NotWholeRows(uint256 length, uint256 shortRows);

    /// @notice The version of the packed form: 1. A contract that does not know it lacks this function.
    function COMPACT_CLAIMS() external view returns (uint256);

    /// @notice Records what the caller has earned as a receiver.
    /// @dev Passed over is a row whose signature is not the authoriser's, or whose `s` is high; whose
    /// total exceeds its ceiling or would not raise what is recorded; whose channel is unknown or has
    /// nothing left; and every row whose authoriser is zero, since nobody can sign for it here. Reverts
    /// without rows, and on bytes that are no header and whole rows. The compiler has selectors tried in
    /// ascending order, and this name has the lowest in both contracts: that is a thousand gas.
    /// @return earned By how much all recorded rows together raised the receiver's total.
    function claimCompactRows(bytes calldata batch) external returns (uint128 earned);
}
