package jdpvs.keepalived;

import jdpvs.keepalived.start.Launch;

/** Entry of keepalived. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        System.exit(new Launch(System.err).run(words));
    }
}
