# FRRouting as a lab's routers, for what the kernel alone does not speak: BGP, OSPF. A library for bash, on top of lab.sh; Debian's package is frr.
#
# Every host has daemons of its own, started by hand without a system service: configuration, sockets, logs and pid files lie in the lab's directory under the
# host's name. They are processes of the namespace, and end with it in lab_down.
#
# What was found out with FRRouting 8.4:
#
# * The daemons give up root for the user frr, which therefore owns their directory. Another user (-u root) is refused: it is not in the group of vtysh's
#   sockets. -S, which would leave the user alone, is bgpd's only.
# * A daemon needs zebra to put routes into the kernel; zebra is up as soon as it has returned. -P 0 leaves out the listener for telnet.
# * With "timers 1 3" BGP has its routes in the kernel 2 to 3 s after the start, of two equal neighbours as one route with two next hops ("bestpath as-path
#   multipath-relax", when their systems differ). Without "no bgp ebgp-requires-policy" nothing passes.
# * OSPF with hello-interval 1 and dead-interval 4 has full neighbours after 9 s on a broadcast link, for it waits to elect a router; with "ip ospf network
#   point-to-point" after 1 s.
# * Resident: zebra 13 MB, bgpd 17 MB, ospfd 8 MB.

FRR_PROGRAMS=${FRR_PROGRAMS:-/usr/lib/frr}

# lab_frr ID HOST DAEMON: starts bgpd, ospfd, ospf6d, ... with the configuration on standard input, after zebra when there is none on the host yet.
lab_frr() {
    local id=$1 host=$2 daemon=$3 directory
    directory=$(lab_dir "$id")/$host/frr
    mkdir -p "$directory" || return 1
    cat > "$directory/$daemon.conf"
    [ -x "$FRR_PROGRAMS/$daemon" ] || { lab_fail "$FRR_PROGRAMS/$daemon is missing (Debian's package frr)"; return 1; }
    [ -e "$directory/zebra.pid" ] || [ "$daemon" = zebra ] || lab_frr "$id" "$host" zebra < /dev/null || return 1
    chown -R frr:frr "$directory" || return 1
    lab_exec "$id" "$host" "$FRR_PROGRAMS/$daemon" --daemon --config_file "$directory/$daemon.conf" --pid_file "$directory/$daemon.pid" \
        --socket "$directory/zserv.api" --vty_socket "$directory" --vty_port 0 --log "file:$directory/$daemon.log" \
        < /dev/null > "$directory/$daemon.out" 2>&1 ||
        { lab_fail "$daemon does not start on $host: $(tail -n 1 "$directory/$daemon.out")"; return 1; }
    # What a daemon does not understand it leaves out, and says so in its log only.
    if grep -h 'No such command on config line' "$directory/$daemon.log" >&2; then lab_fail "$daemon on $host does not understand all of its configuration"; return 1; fi
}

# lab_vtysh ID HOST COMMAND: for example lab_vtysh t1 gateway 'show bgp summary'
lab_vtysh() { vtysh --vty_socket "$(lab_dir "$1")/$2/frr" -c "$3"; }
