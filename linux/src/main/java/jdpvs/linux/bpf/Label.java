package jdpvs.linux.bpf;

/** A place in a program that jumps lead to; its name appears in error messages. Compared by identity. */
public final class Label {
    private final String name;

    public Label(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }
}
