package jdpvs.linux.bpf;

/** Functions of the kernel that programs call (linux/bpf.h {@code enum bpf_func_id}); arguments in R1 to R5, result in R0. */
public enum Helper {
    /** (map, key pointer) → value pointer or 0. */
    MAP_LOOKUP(1),
    /** (map, key pointer, value pointer, flags) → 0 or an error. */
    MAP_UPDATE(2),
    /** (map, key pointer) → 0 or an error. */
    MAP_DELETE(3),
    /** () → nanoseconds of CLOCK_MONOTONIC. */
    KTIME_GET_NS(5),
    /** (skb, offset, from pointer, length, flags) → 0 or an error. */
    SKB_STORE_BYTES(9),
    /** (skb, offset, from, to, flags | size). */
    L3_CSUM_REPLACE(10),
    /** (skb, offset, from, to, flags | size). */
    L4_CSUM_REPLACE(11),
    /** (interface index, flags) → the program's return value. */
    REDIRECT(23),
    /** (skb, offset, to pointer, length) → 0 or an error; offsets count from where the program type's data begin. */
    SKB_LOAD_BYTES(26),
    /** (from pointer, from length, to pointer, to length, seed) → difference. */
    CSUM_DIFF(28),
    /** (skb) → packet hash. */
    GET_HASH_RECALC(34),
    /** (skb, length) → 0 once that many bytes are linear. */
    SKB_PULL_DATA(39),
    /** (context) → socket cookie. */
    GET_SOCKET_COOKIE(46),
    /** (context, level, option, value pointer, length) → 0 or an error. */
    SETSOCKOPT(49),
    /** (map, key, flags) → the program's return value. */
    REDIRECT_MAP(51),
    /** (context, level, option, value pointer, length) → 0 or an error. */
    GETSOCKOPT(57),
    /** (map, socket, value pointer, flags) → value pointer or 0. */
    SK_STORAGE_GET(107),
    /** () → nanoseconds of CLOCK_BOOTTIME. */
    KTIME_GET_BOOT_NS(125),
    /** (context, search pointer, length, flags) → length or an error. */
    LOAD_HDR_OPT(142),
    /** (socket) → its MPTCP connection or 0; kernel 5.19. */
    SKC_TO_MPTCP_SOCK(196);

    final int id;

    Helper(int id) {
        this.id = id;
    }
}
