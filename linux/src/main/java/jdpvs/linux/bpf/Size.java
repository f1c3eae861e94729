package jdpvs.linux.bpf;

/** Width of a memory access. Narrow loads clear the register's upper bits. */
public enum Size {
    BYTE(0x10, 1),
    HALF(0x08, 2),
    WORD(0x00, 4),
    LONG(0x18, 8);

    final int code;
    private final int bytes;

    Size(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    public int bytes() {
        return bytes;
    }
}
