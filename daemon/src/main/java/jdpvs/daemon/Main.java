package jdpvs.daemon;

import jdpvs.daemon.start.Launch;

/** Entry of the daemon. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        System.exit(new Launch(System.err).run(words));
    }
}
