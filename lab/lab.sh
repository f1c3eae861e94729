# Networks in namespaces for the demo, the whole-system tests and the benchmarks. A library for bash; lab/lab is its command.
#
# A lab is a handful of network namespaces named jdpvs-ID-HOST, joined by veth pairs that never touch the root namespace: nothing in a lab
# can reach, or be reached from, the machine's own network. The ID makes labs independent, so several can live side by side.
#
#   two-arm (the how-to's network)
#
#     client            gateway                         dpvs                                 lan                  rs1, rs2
#     172.16.0.1/24 ─── 172.16.0.254   10.0.96.254 ─── dpdk2  (VIP)     dpdk0 (LIP) ─── bridge br0 ─── 192.168.229.1/24, .2/24
#
#   one-arm (everything on one interface, which the kernel shares: its own address there is 10.0.96.10)
#
#     client            gateway                      lan                  dpvs
#     172.16.0.1/24 ─── 172.16.0.254   10.0.96.254 ─── bridge br0 ─┬─── eth0 10.0.96.10/24 (VIP, LIP)
#                                                                  └─── rs1, rs2: 10.0.96.1/24, .2/24
#
#   bond (two-arm, each arm two cables to a switch; see lab_bond)
#
#     client            gateway                      wan             dpvs             lan
#     172.16.0.1/24 ─── 172.16.0.254   10.0.96.254 ─── switch ═══ dpdk2   dpdk0 ═══ switch ─── rs1, rs2: 192.168.229.1/24, .2/24
#                                                         bond2 ═══ dpdk3   dpdk1 ═══ bond1
#
#   trunk (one interface with VLANs: 96 towards the gateway, 229 towards the servers)
#
#     client            gateway                      lan                        dpvs
#     172.16.0.1/24 ─── 172.16.0.254   10.0.96.254 ─── tag 96  [switch] trunk ─── dpdk0
#                                      rs1, rs2 ────── tag 229
#
#   ecmp (two balancers that are active at once, each with two arms)
#
#     client            gateway                      wan                 dpvs1, dpvs2                 lan
#     172.16.0.1/24 ─── 172.16.0.254   10.0.96.254 ─── bridge br0 ─┬─── dpdk2  dpvs1  dpdk0 ───┬─ bridge br0 ─── rs1, rs2: 192.168.229.1/24, .2/24
#                       routes of equal cost are                   └─── dpdk2  dpvs2  dpdk0 ───┘
#                       chosen by addresses and ports
#
# What a lab keeps outside its namespaces lies under $LAB_ROOT/ID: the owner's process id, and the configuration, logs and pid files of
# what runs inside. `lab_down` ends every process in the namespaces and removes all of it.

LAB_ROOT=${LAB_ROOT:-/run/jdpvs-lab}
LAB_SCRIPT=$(readlink -f "${BASH_SOURCE[0]%/*}/lab")
. "${LAB_SCRIPT%/*}/agent.sh"
. "${LAB_SCRIPT%/*}/ovs.sh"

lab_fail() { echo "lab: $*" >&2; return 1; }

lab_ns() { echo "jdpvs-$1-$2"; }                    # ID HOST
lab_dir() { echo "$LAB_ROOT/$1"; }                  # ID

lab_exec() { local ns; ns=$(lab_ns "$1" "$2"); shift 2; ip netns exec "$ns" "$@"; }

# What ip is to do in a lab that is being made: for each host, and for '-', which stands for all of them. One process then does all of a host's; a process for each
# command is most of the time that a lab takes.
declare -A lab_batch=()
lab_ip() { lab_batch[$1]=${lab_batch[$1]:-}$2$'\n'; }               # HOST COMMAND

# Does it: first what joins hosts.
lab_ip_now() {                                      # ID
    local host
    [ -z "${lab_batch[-]:-}" ] || ip -batch - <<< "${lab_batch[-]}" || { lab_fail "the cables cannot be made; see above"; return 1; }
    unset 'lab_batch[-]'
    for host in "${!lab_batch[@]}"; do
        ip -n "$(lab_ns "$1" "$host")" -batch - <<< "${lab_batch[$host]}" ||
            { lab_fail "the interfaces of $host cannot be made; see above (a bridge needs the kernel's module 'bridge')"; return 1; }
    done
    lab_batch=()
}

lab_hosts() {                                       # ID → the hosts that exist
    ip netns list 2>/dev/null | awk -v p="jdpvs-$1-" 'index($1, p) == 1 { print substr($1, length(p) + 1) }'
}

# lab_up ID [--topology two-arm|one-arm|bond|trunk|ecmp] [--aggregate lacp|lacp-slow|static|plain] [--vlans] [--mtu BYTES] [--offload on|off] [--ipv6] [--owner PID]
# The aggregate is what the switches make of a bond's two cables (lab_bond); with --vlans (LACP only) it carries tagged frames alone: VLAN 96 towards the gateway, 229
# towards the servers. With --ipv6 (not one-arm, where servers share the gateway's network) every host has an address of either family:
# client 2408::1, gateway 2001::1, servers 2407::1 and ::2. With an owner the lab goes when that process does, however it ends.
lab_up() {
    local id=$1 topology=two-arm aggregate=lacp vlans= mtu=1500 offload=on ipv6= owner=
    shift
    while [ $# -gt 0 ]; do
        case $1 in
            --ipv6) ipv6=yes; shift; continue ;;
            --vlans) vlans=yes; shift; continue ;;
            --topology) topology=$2 ;;
            --aggregate) aggregate=$2 ;;
            --mtu) mtu=$2 ;;
            --offload) offload=$2 ;;
            --owner) owner=$2 ;;
            *) lab_fail "unknown option $1"; return 1 ;;
        esac
        shift 2
    done
    [ "$(id -u)" = 0 ] || { lab_fail "network namespaces need root"; return 1; }
    [[ $id =~ ^[A-Za-z0-9]{1,24}$ ]] || { lab_fail "an ID is 1 to 24 letters and digits, not '$id'"; return 1; }
    case $vlans:$topology:$aggregate in
        yes:bond:lacp*) ;;
        yes:*) lab_fail "--vlans is for --topology bond with --aggregate lacp or lacp-slow; one cable with VLANs is --topology trunk"; return 1 ;;
    esac
    lab_sweep
    # Twice: another lab that goes just now may take the common directory with it.
    mkdir -p "$LAB_ROOT" && mkdir "$(lab_dir "$id")" 2>/dev/null ||
        { mkdir -p "$LAB_ROOT" && mkdir "$(lab_dir "$id")" 2>/dev/null; } || { lab_fail "a lab '$id' exists already: $LAB_SCRIPT down $id"; return 1; }
    echo "$owner" > "$(lab_dir "$id")/owner"
    if [ -n "$owner" ]; then
        setsid -f "$LAB_SCRIPT" guard "$id" "$owner" < /dev/null > /dev/null 2>&1
    fi
    lab_batch=() lab_finishing=()
    case $topology in
        two-arm) lab_two_arm "$id" "$mtu" ;;
        one-arm) lab_one_arm "$id" "$mtu" ;;
        bond) lab_bond "$id" "$mtu" "$aggregate" "$vlans" ;;
        trunk) lab_trunk "$id" "$mtu" ;;
        ecmp) lab_ecmp "$id" "$mtu" ;;
        *) lab_fail "no topology '$topology': two-arm, one-arm, bond, trunk or ecmp"; false ;;
    esac && lab_ip_now "$id" && { [ -z "$ipv6" ] || lab_ipv6 "$id"; } && { [ "$offload" = on ] || lab_offload_off "$id"; } || { lab_down "$id"; return 1; }
}

lab_two_arm() {
    local id=$1 mtu=$2 host
    lab_hosts_make "$id" client gateway dpvs lan rs1 rs2 || return 1
    lab_cable "$id" client eth0 gateway inside "$mtu" || return 1
    lab_cable "$id" gateway outside dpvs dpdk2 "$mtu" || return 1
    lab_bridge "$id" lan "$mtu" || return 1
    for host in dpvs:dpdk0 rs1:eth0 rs2:eth0; do
        lab_port "$id" lan "${host%%:*}" "${host##*:}" "$mtu" || return 1
    done
    lab_gateway "$id" && lab_servers "$id"
}

lab_one_arm() {
    local id=$1 mtu=$2 host
    lab_hosts_make "$id" client gateway dpvs lan rs1 rs2 || return 1
    lab_cable "$id" client eth0 gateway inside "$mtu" || return 1
    lab_bridge "$id" lan "$mtu" || return 1
    for host in gateway:outside dpvs:eth0 rs1:eth0 rs2:eth0; do
        lab_port "$id" lan "${host%%:*}" "${host##*:}" "$mtu" || return 1
    done
    lab_gateway "$id" || return 1
    lab_ip dpvs 'address add 10.0.96.10/24 dev eth0'
    lab_ip dpvs 'route add default via 10.0.96.254'
    lab_ip rs1 'address add 10.0.96.1/24 dev eth0'
    lab_ip rs2 'address add 10.0.96.2/24 dev eth0'
}

# What the switches make of two cables:
#   lacp, lacp-slow   one, by LACP with a PDU each second or each 30 s; the switch is Open vSwitch
#   static            one, without negotiation: either cable takes everything, nothing comes in by one and leaves by the other; the kernel's bridge
#   plain             two that know nothing of each other, as for a host that uses one at a time; the kernel's bridge
lab_bond() {                                        # ID MTU AGGREGATE VLANS
    local id=$1 mtu=$2 aggregate=$3 vlans=$4 rate=fast make=lab_bridge lay=lab_bridge_cable cable
    case $aggregate in
        lacp) make=lab_switch lay=lab_switch_cable ;;
        lacp-slow) make=lab_switch lay=lab_switch_cable rate=slow ;;
        static | plain) ;;
        *) lab_fail "no aggregate '$aggregate': lacp, lacp-slow, static or plain"; return 1 ;;
    esac
    lab_hosts_make "$id" client gateway wan dpvs lan rs1 rs2 || return 1
    lab_cable "$id" client eth0 gateway inside "$mtu" || return 1
    $make "$id" wan "$mtu" && $make "$id" lan "$mtu" || return 1
    for cable in wan:gateway:outside:gateway wan:dpvs:dpdk2:dpdk2 wan:dpvs:dpdk3:dpdk3 \
        lan:dpvs:dpdk0:dpdk0 lan:dpvs:dpdk1:dpdk1 lan:rs1:eth0:rs1 lan:rs2:eth0:rs2; do
        $lay "$id" ${cable//:/ } "$mtu" || return 1
    done
    lab_ip_now "$id" || return 1
    case $aggregate in
        lacp*)
            lab_switch_cables_now "$id" || return 1
            lab_switch_aggregate "$id" wan bond2 $rate dpdk2 dpdk3 ${vlans:+trunks=96} && lab_switch_port "$id" wan gateway ${vlans:+tag=96} || return 1
            lab_switch_aggregate "$id" lan bond1 $rate dpdk0 dpdk1 ${vlans:+trunks=229} && lab_switch_port "$id" lan rs1 ${vlans:+tag=229} &&
                lab_switch_port "$id" lan rs2 ${vlans:+tag=229} || return 1
            ;;
        static)
            for cable in wan:dpdk2 wan:dpdk3 lan:dpdk0 lan:dpdk1; do
                lab_exec "$id" "${cable%:*}" bridge link set dev "${cable#*:}" isolated on || return 1
            done
            ;;
    esac
    lab_gateway "$id" && lab_servers "$id"
}

lab_trunk() {                                       # ID MTU
    local id=$1 mtu=$2 cable
    lab_hosts_make "$id" client gateway dpvs lan rs1 rs2 || return 1
    lab_cable "$id" client eth0 gateway inside "$mtu" || return 1
    lab_switch "$id" lan || return 1
    for cable in gateway:outside:gateway dpvs:dpdk0:dpdk0 rs1:eth0:rs1 rs2:eth0:rs2; do
        lab_switch_cable "$id" lan ${cable//:/ } "$mtu" || return 1
    done
    lab_ip_now "$id" && lab_switch_cables_now "$id" || return 1
    lab_switch_port "$id" lan dpdk0 trunks=96,229 && lab_switch_port "$id" lan gateway tag=96 &&
        lab_switch_port "$id" lan rs1 tag=229 && lab_switch_port "$id" lan rs2 tag=229 || return 1
    lab_gateway "$id" && lab_servers "$id"
}

lab_ecmp() {                                        # ID MTU
    local id=$1 mtu=$2 host
    lab_hosts_make "$id" client gateway wan dpvs1 dpvs2 lan rs1 rs2 || return 1
    lab_cable "$id" client eth0 gateway inside "$mtu" || return 1
    lab_bridge "$id" wan "$mtu" && lab_bridge "$id" lan "$mtu" || return 1
    for host in wan:gateway:outside wan:dpvs1:dpdk2 wan:dpvs2:dpdk2 lan:dpvs1:dpdk0 lan:dpvs2:dpdk0 lan:rs1:eth0 lan:rs2:eth0; do
        lab_port "$id" ${host//:/ } "$mtu" || return 1
    done
    # By addresses, protocol and ports. Policy 1 says so too, but believes a hash that comes with the frame, and through veth comes the client's: it is of the
    # socket, not of the ports, and another one after each time-out, so that a connection would wander between the balancers.
    lab_exec "$id" gateway sh -c '
        cd /proc/sys/net/ipv4 && echo 3 > fib_multipath_hash_policy && echo $((0x37)) > fib_multipath_hash_fields' || return 1
    lab_gateway "$id" && lab_servers "$id"
}

lab_servers() {                                     # the servers' addresses on a network of their own
    lab_ip rs1 'address add 192.168.229.1/24 dev eth0'
    lab_ip rs2 'address add 192.168.229.2/24 dev eth0'
}

lab_gateway() {                                     # ID: the client's side and the router, alike in every topology
    lab_ip client 'address add 172.16.0.1/24 dev eth0'
    lab_ip client 'route add default via 172.16.0.254'
    lab_ip gateway 'address add 172.16.0.254/24 dev inside'
    lab_ip gateway 'address add 10.0.96.254/24 dev outside'
    lab_exec "$1" gateway sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
}

lab_ipv6() {                                        # ID: the second family of a network whose servers have one of their own
    local id=$1 host
    for host in client gateway rs1 rs2; do
        # Addresses are unique here; nobody has to wait until they are proven to be.
        lab_exec "$id" "$host" sh -c '
            for interface in all default $(ls /proc/sys/net/ipv6/conf); do
                echo 0 > /proc/sys/net/ipv6/conf/$interface/accept_dad
                echo 0 > /proc/sys/net/ipv6/conf/$interface/disable_ipv6
            done' || { lab_fail "the kernel has no IPv6"; return 1; }
    done
    lab_exec "$id" gateway sh -c 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding' || return 1
    lab_ip client 'address add 2408::1/64 dev eth0 nodad'
    lab_ip client 'route add default via 2408::254'
    lab_ip gateway 'address add 2408::254/64 dev inside nodad'
    lab_ip gateway 'address add 2001::1/64 dev outside nodad'
    lab_ip rs1 'address add 2407::1/64 dev eth0 nodad'
    lab_ip rs2 'address add 2407::2/64 dev eth0 nodad'
    lab_ip_now "$id"
}

lab_hosts_make() {                                  # ID HOST...
    local id=$1 host ns
    shift
    for host; do
        ns=$(lab_ns "$id" "$host")
        ip netns add "$ns" || return 1
        lab_ip "$host" 'link set lo up'
        # No IPv6 chatter in captures; many client ports, quickly reusable, for tests that open thousands of connections.
        ip netns exec "$ns" sh -c '
            echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
            echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6
            echo 1024 65535 > /proc/sys/net/ipv4/ip_local_port_range
            echo 1 > /proc/sys/net/ipv4/tcp_tw_reuse' 2>/dev/null
    done
    true
}

lab_cable() {                                       # ID HOST INTERFACE HOST INTERFACE MTU
    lab_ip - "link add $3 netns $(lab_ns "$1" "$2") mtu $6 type veth peer name $5 netns $(lab_ns "$1" "$4") mtu $6"
    lab_ip "$2" "link set $3 up"
    lab_ip "$4" "link set $5 up"
}

lab_bridge() {                                      # ID HOST MTU
    lab_ip "$2" "link add br0 mtu $3 type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
    lab_ip "$2" 'link set br0 up'
}

lab_port() {                                        # ID BRIDGE-HOST HOST INTERFACE MTU: a bridge's port is named as the host
    lab_bridge_cable "$1" "$2" "$3" "$4" "$3" "$5"
}

lab_bridge_cable() {                                # ID BRIDGE-HOST HOST INTERFACE PORT MTU
    lab_cable "$1" "$2" "$5" "$3" "$4" "$6"
    lab_ip "$2" "link set dev $5 master br0"
}

lab_offload_off() {                                 # every packet as it would be on a wire: full checksums, no large segments
    local host interface
    for host in $(lab_hosts "$1"); do
        for interface in $(lab_exec "$1" "$host" ls /sys/class/net); do
            case $interface in lo | br0 | ovs-netdev) continue ;; esac
            lab_exec "$1" "$host" ethtool -K "$interface" tx off tso off gso off gro off > /dev/null || return 1
        done
    done
}

# Ends what runs in the lab, by process id, and removes it. Harmless when there is nothing left.
lab_down() {
    local id=$1 host pids
    pids=$(for host in $(lab_hosts "$id"); do ip netns pids "$(lab_ns "$id" "$host")" 2>/dev/null; done)
    if [ -n "$pids" ]; then
        kill $pids 2>/dev/null
        lab_wait_gone 5 $pids || kill -KILL $pids 2>/dev/null
        lab_wait_gone 2 $pids
    fi
    for host in $(lab_hosts "$id"); do echo "netns delete jdpvs-$id-$host"; done | ip -force -batch - 2>/dev/null
    lab_cgroup_remove "$id"
    rm -rf "$(lab_dir "$id")"
    rmdir "$LAB_ROOT" 2>/dev/null
    true
}

lab_wait_gone() {                                   # SECONDS PID...
    local rounds=$(($1 * 10)) pid alive
    shift
    while :; do
        alive=
        for pid; do
            # A zombie has ended; reaping it is its parent's business.
            [ -e "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null && alive=1
        done
        [ -n "$alive" ] || return 0
        [ $((rounds -= 1)) -ge 0 ] || return 1
        sleep 0.1
    done
}

lab_sweep() {                                       # removes labs whose owner died without its guard (a machine that was switched off)
    local directory owner
    for directory in "$LAB_ROOT"/*/; do
        [ -f "$directory/owner" ] || continue
        owner=$(< "$directory/owner")
        if [ -n "$owner" ] && ! [ -e "/proc/$owner" ]; then lab_down "$(basename "$directory")"; fi
    done
}

lab_guard() {                                       # ID PID: waits for the end of the owner, or of its lab
    while [ "$(cat "$(lab_dir "$1")/owner" 2> /dev/null)" = "$2" ]; do
        [ -e "/proc/$2" ] || { lab_down "$1"; return; }
        sleep 0.5
    done
}
