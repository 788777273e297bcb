// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What both prototypes share: vouchers of a type of their own
/// @dev The payer's address is in no row. It comes out of the signature and names the channel, so a
/// signature of nobody in particular names a channel that holds nothing.
abstract contract Vouchers {
    /// @notice Rows were recorded: of each the payer (20 bytes) and its new total (12).
    event Claimed(address indexed hub, address indexed token, uint256 total, bytes rows);

    bytes32 public constant VOUCHER_TYPEHASH =
        keccak256("Voucher(address hub,address token,uint24 epoch,uint96 cumulative)");
    uint256 private constant HALF_ORDER =
        0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    bytes32 public immutable DOMAIN = keccak256(
        abi.encode(
            keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)"),
            keccak256("Voucher hub"),
            block.chainid,
            address(this)
        )
    );

    mapping(address hub => mapping(address token => uint256)) public earned;
    mapping(bytes32 key => uint256) internal _slots;

    /// @dev Runs of members are hashed as they lie: `typehash` to `cumulative`, the last two bytes of
    /// `prefix` to `structHash`; `digest` to `s` go to the precompile.
    struct Row {
        bytes32 typehash;
        address hub;
        address token;
        uint256 epoch;
        uint256 cumulative;
        uint256 prefix;
        bytes32 domain;
        bytes32 structHash;
        bytes32 digest;
        uint256 v;
        bytes32 r;
        uint256 s;
        bytes32 book;
    }

    function voucherDigest(address hub, address token, uint256 epoch, uint256 cumulative)
        external
        view
        returns (bytes32)
    {
        bytes32 structHash = keccak256(abi.encode(VOUCHER_TYPEHASH, hub, token, epoch, cumulative));
        return keccak256(abi.encodePacked(hex"1901", DOMAIN, structHash));
    }

    function _begin(address token) internal view returns (Row memory) {
        return Row({
            typehash: VOUCHER_TYPEHASH,
            hub: msg.sender,
            token: token,
            epoch: 0,
            cumulative: 0,
            prefix: 0x1901,
            domain: DOMAIN,
            structHash: 0,
            digest: 0,
            v: 0,
            r: 0,
            s: 0,
            book: _book(msg.sender, token)
        });
    }

    /// @param from Where r and vs lie in calldata.
    /// @return signer Zero if nobody has signed in the one form that is taken.
    function _signer(Row memory row, uint256 from) internal view returns (address signer) {
        assembly ("memory-safe") {
            let vs := calldataload(add(from, 32))
            let s := shr(1, shl(1, vs))
            mstore(add(row, 0x120), add(shr(255, vs), 27))
            mstore(add(row, 0x140), calldataload(from))
            mstore(add(row, 0x160), s)
            mstore(add(row, 0xe0), keccak256(row, 0xa0))
            mstore(add(row, 0x100), keccak256(add(row, 0xbe), 0x42))
            mstore(0, 0)
            pop(staticcall(gas(), 1, add(row, 0x100), 0x80, 0, 0x20))
            signer := mul(mload(0), iszero(gt(s, HALF_ORDER)))
        }
    }

    function _key(address signer, bytes32 book) internal pure returns (bytes32 key) {
        assembly ("memory-safe") {
            mstore(0, signer)
            mstore(32, book)
            key := keccak256(0, 64)
        }
    }

    function _book(address hub, address token) internal pure returns (bytes32) {
        return keccak256(abi.encode(hub, token));
    }

    /// @dev Room for the event's rows. The bytes' own length says how many of them are there.
    function _open(uint256 rows) internal pure returns (bytes memory log) {
        log = new bytes(rows * 32);
        assembly ("memory-safe") {
            mstore(log, 0)
        }
    }

    function _append(bytes memory log, address signer, uint256 cumulative) internal pure {
        assembly ("memory-safe") {
            let length := mload(log)
            mstore(add(add(log, 32), length), or(shl(96, signer), cumulative))
            mstore(log, add(length, 32))
        }
    }
}
