package jdpvs.command.ipvsadm;

/** Usage. */
final class Help {
    static final String TEXT = """
            ipvsadm v1.27 2008/5/15 (compiled with popt and IPVS v1.10.2)
            Usage:
              ipvsadm -A|E -t|u|q|1 VIP[:PORT] [-s SCHEDULER] [-p [SECONDS]] [-M NETMASK] [--ops] [-j enable|disable]
                      [--hash-target sip|qid] [--expire-quiescent] [--conn-timeout SECONDS] [--dest-check SPEC]
                      [--proxy-protocol v1|v2|v1-insecure|v2-insecure|disable] [--quic]
              ipvsadm -D -t|u|q|1 VIP[:PORT]
              ipvsadm -C
              ipvsadm -a|e -t|u|q|1 VIP[:PORT] -r SERVER[:PORT] [-g|-i|-m|-b|-J] [-w WEIGHT] [-x UPPER] [-y LOWER]
              ipvsadm -d -t|u|q|1 VIP[:PORT] -r SERVER[:PORT]
              ipvsadm -P|Q -t|u|q|1 VIP[:PORT] -z LIP -F DEV
              ipvsadm -G [-t|u|q|1 VIP[:PORT]]
              ipvsadm -L|l [-t|u|q|1 VIP[:PORT]] [options]
              ipvsadm -Z [-t|u|q|1 VIP[:PORT]]
              ipvsadm -S [-n]
              ipvsadm -R
              ipvsadm -h
              ipvsadm -v

            Commands:
              -A --add-service      add a service               -a --add-server     add a server to a service
              -E --edit-service     change a service            -e --edit-server    change a server
              -D --delete-service   delete a service            -d --delete-server  delete a server
              -C --clear            delete all services         -L|-l --list        list
              -P --add-laddr        add a local address         -Q --del-laddr      take a local address away
              -G --get-laddr        list local addresses        -Z --zero           set statistics to zero
              -S --save             print lines for -R          -R --restore        read them, all or nothing
              -h --help             this text                   -v --version        version

            Options of services and servers:
              -t --tcp-service VIP:PORT       TCP                    -u --udp-service VIP:PORT       UDP
              --sctp-service VIP:PORT         SCTP                   -q --icmp-service VIP           ICMP
              -1 --icmpv6-service VIP         ICMPv6                 -s --scheduler NAME             default wlc
              -p --persistent [SECONDS]       default 360            -M --netmask MASK               of persistence
              -r --real-server HOST[:PORT]    default: VIP's port    -g --gatewaying                 default
              -m --masquerading               NAT                    -i --ipip                       tunnel
              -b --fullnat                    full NAT               -J --snat                       source NAT
              -w --weight N                   0 to 65535, default 1  -x --u-threshold N              0 = none
              -y --l-threshold N              0 = none               -z --laddr LIP, -F --ifname DEV of -P and -Q

            Options of listings:
              -n --numeric                    no names               -c --connection                 connections
              --stats                         counters               --rate                          per second
              --thresholds                    limits of servers      --persistent-conn               persistence
              -X --exact                      all digits             --nosort                        table order
              --sockpair PROTO:SIP:SPORT:TIP:TPORT                   one connection
              --cpu N                                                connections of one worker
            """;

    private Help() {}
}
