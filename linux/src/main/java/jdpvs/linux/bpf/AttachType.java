package jdpvs.linux.bpf;

/** Where programs can be attached (linux/bpf.h {@code enum bpf_attach_type}). */
public enum AttachType {
    CGROUP_SOCK_OPS(3),
    CGROUP_GETSOCKOPT(21),
    /** What getpeername(2) and accept(2) tell of the other end; kernel 5.8. */
    CGROUP_INET4_GETPEERNAME(29),
    CGROUP_INET6_GETPEERNAME(30),
    XDP(37),
    /** Before the protocols see a received packet, after the taps; kernel 6.6. */
    TCX_INGRESS(46),
    TCX_EGRESS(47);

    final int code;

    AttachType(int code) {
        this.code = code;
    }
}
