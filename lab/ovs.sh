# Open vSwitch as a lab's switch, for what the kernel's bridge has no partner for: LACP, and VLANs where the kernel lacks them. A library for bash, on top of
# lab.sh; Debian's package is openvswitch-switch.
#
# A switch is a host of the lab (a namespace) with an ovsdb-server and an ovs-vswitchd of its own, started by hand, without a system service: database, sockets, logs
# and pid files lie in the lab's directory under the host's name, so that any number of switches, and labs, live side by side. Both are processes of the
# namespace, and end with it in lab_down. The forwarding is Open vSwitch's own (datapath_type=netdev), which needs /dev/net/tun and no kernel module.
#
# What was found out with Open vSwitch 3.1 and kernel 6.18:
#
# * It reads and writes a port through a packet socket, without the header that says "checksum not yet there" or "to be cut". What a veth hands over must be
#   finished packets: segmentation and checksums are off on both ends of each of its cables. With checksums on at the far end pings pass and TCP does not.
# * It is up after 30 ms, a bond 150 ms later, LACP negotiated within a second; 20 MB resident; idle it takes less than half a percent of a core. A frame costs it
#   12 us, so that a core of its own forwards 1 Gbit/s of full frames; what comes faster is dropped before it looks. iperf3 through one pair of switches got
#   400 Mbit/s, through two pairs 190, on two busy cores: throughput through it is its figure, not ours.
# * lacp-time=fast is a PDU each second; a member whose partner has gone silent is out of use (bond/show "disabled", lacp/show "expired") within 3 s and
#   forgotten ("defaulted") after 6 s; with slow, the thirtyfold. When the partner is back before "defaulted", it is in use at once. After it, two
#   Open vSwitches both send at the slow rate, because neither has a partner who asks for more, and find each other within 30 s.
# * A member whose cable is pulled is out of use in the same millisecond, on both ends; plugged in again it is in use after some 50 ms.
# * Without LACP it is no partner. Its own balancing takes broadcasts from one member only; as single ports it forgets where a MAC address has moved to, for up
#   to a second: frames that came by the old port are counted, and learnt from, after the first one that came by the new. The kernel's bridge does neither.
# * With LACP and no partner who speaks it nothing passes, on neither cable.
# * VLANs: tag=N takes the tag away and puts it on, trunks=N,M passes tagged frames of these only. The tag is in the frame that is written to the veth; a
#   packet socket at the far end finds it beside the frame (PACKET_AUXDATA), for the kernel takes it out on the way in, with or without a VLAN module.

# lab_switch ID HOST: makes the host a switch, with a bridge br0 that has no ports yet.
lab_switch() {
    local id=$1 host=$2 directory
    directory=$(lab_dir "$id")/$host
    command -v ovs-vswitchd > /dev/null || { lab_fail "ovs-vswitchd is missing (Debian's package openvswitch-switch)"; return 1; }
    [ -c /dev/net/tun ] || { lab_fail "Open vSwitch needs /dev/net/tun"; return 1; }
    mkdir -p "$directory"
    {
        ovsdb-tool create "$directory/conf.db" "$(lab_switch_schema)" &&
            lab_exec "$id" "$host" ovsdb-server "$directory/conf.db" --remote="punix:$directory/db.sock" --pidfile="$directory/ovsdb.pid" \
                --unixctl="$directory/ovsdb.ctl" --log-file="$directory/ovsdb.log" -vconsole:off --detach --no-chdir &&
            OVS_RUNDIR=$directory lab_exec "$id" "$host" ovs-vswitchd "unix:$directory/db.sock" --pidfile="$directory/vswitchd.pid" \
                --unixctl="$directory/vswitchd.ctl" --log-file="$directory/vswitchd.log" -vconsole:off --detach --no-chdir
    } < /dev/null > "$directory/start.log" 2>&1 &&
        lab_ovs "$id" "$host" vsctl add-br br0 -- set bridge br0 datapath_type=netdev ||
        { lab_fail "Open vSwitch does not start on $host: $(tail -n 1 "$directory/start.log" "$directory/vswitchd.log" 2> /dev/null)"; return 1; }
}

lab_switch_schema() {
    local schema
    for schema in /usr/share/openvswitch/vswitch.ovsschema /usr/local/share/openvswitch/vswitch.ovsschema; do
        [ -f "$schema" ] && { echo "$schema"; return; }
    done
    lab_fail "vswitch.ovsschema is missing (Debian's package openvswitch-switch)"
}

# lab_ovs ID HOST vsctl|appctl|ofctl WORDS... : asks a switch, or tells it. For example: lab_ovs t1 lan appctl lacp/show
lab_ovs() {
    local directory what=$3
    directory=$(lab_dir "$1")/$2
    shift 3
    case $what in
        vsctl) ovs-vsctl --timeout=10 --db="unix:$directory/db.sock" "$@" ;;
        appctl) ovs-appctl --timeout=10 --target="$directory/vswitchd.ctl" "$@" ;;
        ofctl) OVS_RUNDIR=$directory ovs-ofctl --timeout=10 "$@" ;;
        *) lab_fail "not vsctl, appctl or ofctl: $what"; return 1 ;;
    esac
}

# lab_switch_cable ID SWITCH HOST INTERFACE PORT MTU: a cable from the switch to a host; the switch's end is PORT, and in no bridge yet. It is there after lab_ip_now,
# and of use after lab_switch_cables_now.
lab_switch_cable() {
    lab_cable "$1" "$2" "$5" "$3" "$4" "$6"
    lab_finished_packets "$2" "$5"
    lab_finished_packets "$3" "$4"
}

# By host, commands for what its interfaces must not leave undone.
declare -A lab_finishing=()
lab_finished_packets() {                            # HOST INTERFACE
    lab_finishing[$1]="${lab_finishing[$1]:-}ethtool -K $2 tx off tso off gso off gro off > /dev/null || exit 1; "
}

lab_switch_cables_now() {                           # ID
    local host
    for host in "${!lab_finishing[@]}"; do
        lab_exec "$1" "$host" sh -c "${lab_finishing[$host]}" || { lab_fail "the offloads of $host's interfaces cannot be switched off"; return 1; }
    done
    lab_finishing=()
}

# lab_switch_port ID SWITCH PORT [COLUMN=VALUE...]: puts a port into the bridge. An access port of VLAN 7 is tag=7; a trunk of VLANs 7 and 8 is trunks=7,8; a
# port without either carries untagged frames and every VLAN.
lab_switch_port() {
    local id=$1 host=$2 port=$3
    shift 3
    lab_ovs "$id" "$host" vsctl add-port br0 "$port" "$@"
}

# lab_switch_aggregate ID SWITCH NAME fast|slow PORT PORT [COLUMN=VALUE...]: two ports as one, by LACP with a PDU each second or each 30 s; the switch chooses the
# member of a frame by addresses and ports.
lab_switch_aggregate() {
    local id=$1 host=$2 name=$3 rate=$4 first=$5 second=$6
    shift 6
    lab_ovs "$id" "$host" vsctl add-bond br0 "$name" "$first" "$second" lacp=active bond_mode=balance-tcp other_config:lacp-time="$rate" "$@"
}

# Pulling a cable and plugging it in again: the far end loses its carrier.
lab_pull() { ip -n "$(lab_ns "$1" "$2")" link set dev "$3" down; }     # ID HOST INTERFACE
lab_plug() { ip -n "$(lab_ns "$1" "$2")" link set dev "$3" up; }       # ID HOST INTERFACE

# A cable whose frames are eaten both ways while both ends have a carrier, until lab_unmute. What comes in is eaten by an XDP program, since every later place (tc,
# nftables) is behind the packet sockets: with a drop there LACP goes on unharmed. What goes out ends in a queueing discipline that keeps nothing.
lab_mute() {                                        # ID HOST INTERFACE
    local directory round
    directory=$(lab_dir "$1")/$2
    mkdir -p "$directory"
    [ ! -e "$directory/eater-$3.pid" ] || { lab_fail "$3 on $2 is muted already"; return 1; }
    lab_exec "$1" "$2" tc qdisc replace dev "$3" root blackhole || return 1
    ip netns exec "$(lab_ns "$1" "$2")" "${LAB_SCRIPT%/*}/eat-frames" "$3" < /dev/null > "$directory/eater-$3.log" 2>&1 &
    echo $! > "$directory/eater-$3.pid"
    for round in {1..50}; do
        [ -s "$directory/eater-$3.log" ] && break
        sleep 0.05
    done
    grep -qx eating "$directory/eater-$3.log" || { lab_fail "frames to $3 on $2 cannot be eaten: $(tail -n 1 "$directory/eater-$3.log")"; lab_unmute "$@"; return 1; }
}

lab_unmute() {                                      # ID HOST INTERFACE
    local directory pid
    directory=$(lab_dir "$1")/$2
    pid=$(cat "$directory/eater-$3.pid" 2> /dev/null) || { lab_fail "$3 on $2 is not muted"; return 1; }
    kill "$pid" 2> /dev/null
    lab_wait_gone 2 "$pid"
    rm -f "$directory/eater-$3.pid"
    lab_exec "$1" "$2" tc qdisc delete dev "$3" root
}
