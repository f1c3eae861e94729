package jdpvs.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A secure shell from the client to the host that dpvs runs on, kept open through a test; key, server and session are of this lab alone. */
final class Ssh implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Running server;
    private final Running session;
    private int questions;

    private Ssh(Running server, Running session) {
        this.server = server;
        this.session = session;
    }

    static Ssh open(Lab lab, String address) {
        Path directory = lab.directory().resolve("ssh");
        lab.dpvs().shell(PATIENCE, """
                        set -e
                        mkdir -p /run/sshd %1$s
                        ssh-keygen -q -t ed25519 -N '' -f %1$s/host
                        ssh-keygen -q -t ed25519 -N '' -f %1$s/user
                        cp %1$s/user.pub %1$s/authorized""".formatted(directory)).succeeded();
        Path configuration = Dpvs.write(directory.resolve("sshd.conf"), """
                HostKey %1$s/host
                AuthorizedKeysFile %1$s/authorized
                PidFile none
                StrictModes no
                UsePAM no
                PermitRootLogin yes
                PasswordAuthentication no
                ListenAddress 0.0.0.0
                """.formatted(directory));
        Running server = lab.dpvs().start("/usr/sbin/sshd -D -e -f " + configuration);
        server.awaitPrinted("Server listening", PATIENCE);
        Running session = lab.client()
                .start(
                        List.of(
                                "ssh",
                                "-T",
                                "-i",
                                directory.resolve("user").toString(),
                                "-o",
                                "StrictHostKeyChecking=no",
                                "-o",
                                "UserKnownHostsFile=/dev/null",
                                "-o",
                                "LogLevel=ERROR",
                                "-o",
                                "ServerAliveInterval=1",
                                "-o",
                                "ServerAliveCountMax=5",
                                "root@" + address,
                                "while read line; do echo \"heard $line\"; done"),
                        directory.resolve("session.log"),
                        Map.of());
        return new Ssh(server, session);
    }

    /** Says something through the session and awaits the echo. */
    void assertAnswers(String moment) {
        String words = ++questions + " " + moment;
        session.type(words);
        session.awaitPrinted("heard " + words, PATIENCE);
    }

    @Override
    public void close() {
        session.close();
        server.close();
    }
}
