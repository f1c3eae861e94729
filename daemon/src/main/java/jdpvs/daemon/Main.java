package jdpvs.daemon;

/** Entry of the daemon. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        System.exit(words.length);
    }
}
