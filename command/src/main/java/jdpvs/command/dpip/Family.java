package jdpvs.command.dpip;

/** What {@code -4}, {@code -6} or {@code -f} chose. */
enum Family {
    UNSPECIFIED("unspec"),
    INET("inet"),
    INET6("inet6");

    private final String word;

    Family(String word) {
        this.word = word;
    }

    /** As messages name it. */
    String word() {
        return word;
    }
}
