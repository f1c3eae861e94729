package jdpvs.linux.bpf;

/** Where programs can be attached (linux/bpf.h {@code enum bpf_attach_type}). */
public enum AttachType {
    CGROUP_SOCK_OPS(3),
    CGROUP_GETSOCKOPT(21),
    XDP(37),
    /** Before the protocols see a received packet, after the taps; kernel 6.6. */
    TCX_INGRESS(46),
    TCX_EGRESS(47);

    final int code;

    AttachType(int code) {
        this.code = code;
    }
}
