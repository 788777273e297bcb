// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPaymentChannels} from "./IPaymentChannels.sol";
import {IVaultRoles} from "./IVaultRoles.sol";

/// @title The hub's receiver: it claims from channels and holds what merchants earned
/// @notice Money in the vault is either *credited* to a payee or *free*. Credit is out of everybody's
/// reach but the payee's. Free money is credited against promises of the hub, and only what no
/// promise takes within a delay can be taken by the operator.
/// @dev Promises are cumulative: "in this token, this payee may have up to N in all". The highest
/// wins, a lower one changes nothing, none expires.
interface IHubVault is IVaultRoles {
    /// @notice `amount` of free money became `payee`'s; `cumulative` is all it was ever credited.
    event Credited(address indexed payee, address indexed token, uint128 amount, uint128 cumulative);
    /// @notice The same for all payees of one batch that pays nobody.
    /// @param rows Of each credited payee, 32 bytes: the payee 20, all it was ever credited 12.
    event CreditedBatch(address indexed token, uint128 amount, bytes rows);
    /// @notice Credit of `payee` left the vault.
    event Paid(address indexed payee, address indexed token, address indexed to, uint128 amount);
    /// @notice All payees that one batch credited and paid at once, each at its own address. What each
    /// got this time stands in the token's own events.
    /// @param credited How much free money became theirs, together.
    /// @param paid How much left the vault, together: older credit is paid, too.
    /// @param rows Of each payee, 32 bytes: the payee 20, all it was ever credited, and now is paid, 12.
    /// A payee whose total has no room there is reported by `Credited` and `Paid`.
    event PaidBatch(address indexed token, uint128 credited, uint128 paid, bytes rows);
    /// @notice The token refused a payment to `payee`; the credit stays where it is.
    event PushFailed(address indexed payee, address indexed token);
    /// @notice A row of a claim was left out. `reason` is the error it would have reverted with.
    event RowSkipped(bytes32 indexed channelId, bytes reason);
    /// @notice The admin may take up to `amount` between the two times, if nobody is credited first.
    event TakeAnnounced(address indexed token, uint128 amount, uint40 takeableFrom, uint40 until);
    /// @notice The admin took free money, possibly nothing: crediting went first.
    event Taken(address indexed token, address indexed to, uint128 amount);

    /// @notice The channel does not pay into this vault.
    error WrongReceiver();
    /// @notice Vouchers checked by EIP-1271 can be revoked after the service was given.
    error RevocableVouchers();
    /// @notice The row's total was not recorded, so what it protects could be refunded.
    error ClaimNotRecorded();
    error RefundExceedsUnclaimed(uint128 unclaimed);
    error RefundExceedsCap(uint128 left);
    error PayeeNotAnnounced(address payee);
    error InvalidRecipient(address recipient);
    error NotPromiseKey(address signer);
    error TakeExceedsFree(uint256 free);
    error NothingToTake();
    error TakeNotOpen(uint256 from, uint256 until);

    /// @notice Claims from channels of this vault. For claimers.
    /// @dev Tries all rows in one call. If that fails, because a row is bad or because a payer's
    /// withdrawal came first, each row is tried alone and the bad ones are reported.
    function claim(IPaymentChannels.VoucherClaim[] calldata rows) external;

    /// @notice The same with packed rows, for less gas in batches, where the channel contract knows them.
    /// For claimers.
    /// @dev See `ICompactClaims`, whose function this is. Bad rows are passed over by the channel
    /// contract itself, and what it recorded stands in its `ClaimedBatch`; `RowSkipped` is not emitted.
    function claimCompactRows(bytes calldata batch) external returns (uint128 earned);

    /// @notice Claims `row`, then gives `amount` of what remains unclaimed back to the payer. For the
    /// refunder, within the daily cap of the token.
    function refund(IPaymentChannels.VoucherClaim calldata row, uint128 amount) external;

    /// @notice Sweeps settled claims into the vault and credits promised totals. For live promise keys,
    /// whose promises here need no signature.
    /// @param rows Payee (20 bytes) and cumulative promise (12 bytes) in one word each. A promise of more
    /// than 96 bits is redeemed instead.
    /// @param push Whether to pay each payee all its credit at once. A payment that fails stays credit.
    function credit(address token, bytes32[] calldata rows, bool push) external;

    /// @notice The same for one payee, on a promise that a live or recently removed key signed. Anybody
    /// may call, so a merchant needs nobody to be credited.
    function redeem(address payee, address token, uint128 cumulative, bytes calldata signature)
        external;

    /// @notice Pays the caller's credit to `to`.
    function withdraw(address token, address to) external;

    /// @notice Pays `payee`'s credit to `payee`. Anybody may call.
    function withdrawFor(address payee, address token) external;

    /// @notice Announces that the operator wants up to `amount` of the free money. For the admin.
    /// Replaces an earlier announcement and restarts the delay.
    function announceTake(address token, uint128 amount) external;

    /// @notice Takes what was announced, less everything credited since, within a day of the delay's
    /// end. For the admin.
    function take(address token, address to) external;

    /// @notice Always `0xffffffff`: no key of the hub can sign for the vault.
    /// @dev A vault that signed could not tell a claim from a refund, as both arrive as a hash.
    function isValidSignature(bytes32 hash, bytes calldata signature) external pure returns (bytes4);

    /// @notice All that `payee` was credited and paid, ever. Credit ends at 2^120 - 1, of any token.
    function account(address payee, address token)
        external
        view
        returns (uint128 credited, uint128 paid);

    /// @notice What the vault owes to payees in `token`.
    function owed(address token) external view returns (uint256);

    /// @notice All that was ever credited in `token`.
    function creditedTotal(address token) external view returns (uint256);

    /// @notice What the vault holds beyond what it owes.
    function free(address token) external view returns (uint256);

    /// @notice The announced take; `announcedAt` is zero if there is none.
    function announcedTake(address token)
        external
        view
        returns (uint128 amount, uint40 announcedAt, uint256 freeThen, uint256 creditedThen);

    /// @notice What a promise key signs.
    function promiseDigest(address payee, address token, uint128 cumulative)
        external
        view
        returns (bytes32);

    function CHANNELS() external view returns (IPaymentChannels);

    /// @notice The version of packed rows that `claimCompactRows` passes on: 1.
    function COMPACT_CLAIMS() external view returns (uint256);
}
