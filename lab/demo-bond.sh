# ./demo bond: the how-to's section 2, two bonds of two slaves by LACP, with cables that fail under load. Sourced by demo.

# How long the load goes on at most; it is ended when the cables have been pulled and plugged in again.
load_seconds=60

cd "$home" || fail "there is no $home"

heading "The network"
stage_picture() {
    cat <<'PICTURE'

    client            gateway                          switch         balancer          switch               servers
    172.16.0.1 ────── 172.16.0.254 10.0.96.254 ─────── wan ══ dpdk2            dpdk0 ══ lan ──┬── rs1 192.168.229.1 nginx
                                                           ══ dpdk3   [ dpvs ] dpdk1 ══       │
                                                           bond2: VIP     bond1: LIP          └── rs2 192.168.229.2 nginx
                                                           10.0.96.204    192.168.229.204

PICTURE
}
stage_lab="--topology bond --aggregate lacp" stage_conf=bond.conf
stage_network
note "Both switches are Open vSwitch: each offers its two cables to dpvs as one, by LACP, a message each second."

# What a switch says about its bond.
switch() { on machine "lab/lab ovs $id $1 appctl $2" "$1\$ "; }
# Pulls a cable, and so on: pull|plug|mute|unmute SWITCH INTERFACE
cable() { on machine "lab/lab $1 $id $2 $3" "$2\$ "; }

heading "Starting dpvs"
stage_dpvs
settles bond1 2 10
settles bond2 2 10
balancer 'dpip link show'
expect ': bond1: socket 0 mtu 1500' "dpip link show does not list bond1"
expect ': bond2: socket 0 mtu 1500' "dpip link show does not list bond2"
expect 'UP 20000 Mbps full-duplex' "a bond of two links of 10000 Mbps is not one of 20000 Mbps"
balancer 'dpip link show bond1 status'
expect 'mode 4 mac_addr' "bond1 is not of mode 4"
expect 'ative/slaves 2/2' "bond1 has not two active slaves"
expect 'dpdk0\(.*active, primary\)' "dpdk0 is not bond1's active primary"
balancer 'dpip link show bond2 status'
expect 'ative/slaves 2/2' "bond2 has not two active slaves"
note "And what the switch says about the same cables"
switch lan "bond/show"
expect '^lacp_status: negotiated' "the switch has not negotiated"

heading "The how-to's commands, on bonds"
balancer 'dpip addr add 10.0.96.204/32 dev bond2'
balancer 'dpip route add 10.0.96.0/24 dev bond2'
balancer 'dpip route add 192.168.229.0/24 dev bond1'
balancer 'dpip route add default via 10.0.96.254 dev bond2'
balancer 'ipvsadm -A -t 10.0.96.204:80 -s rr'
balancer 'ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.1 -b'
balancer 'ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.2 -b'
balancer 'ipvsadm --add-laddr -z 192.168.229.204 -t 10.0.96.204:80 -F bond1'
balancer 'dpip addr show'
expect '^inet 10\.0\.96\.204/32 scope global bond2' "the VIP is missing"
expect '^inet 192\.168\.229\.204/32 scope global bond1' "the local address is missing"
client 'ping -c4 -i0.3 10.0.96.204'
expect ' 4 received' "the VIP did not answer all four pings"
for server in rs1 rs2; do
    client 'curl 10.0.96.204'
    expect "This is $server" "$server did not answer"
    [ -z "$cgroup" ] || expect 'Your IP and port is 172\.16\.0\.1:' "the server did not see the client's address"
done

heading "Cables fail under load"
printf 'client$ %swrk -t1 -c16 -d%ds --timeout 10s http://10.0.96.204/ &%s\n' "$bold" $load_seconds "$plain"
ip netns exec "$(lab_ns "$id" client)" wrk -t1 -c16 -d${load_seconds}s --timeout 10s http://10.0.96.204/ > "$directory/wrk.txt" 2>&1 &
load=$!
sleep 1
note "A cable of bond1 is pulled: dpvs loses the carrier of dpdk0, its primary"
cable pull lan dpdk0
settles bond1 1 2
balancer 'dpip link show bond1 status'
cable plug lan dpdk0
settles bond1 2 10
note "A cable of bond2 dies without a sign: its frames are lost while both ends have a carrier. Only LACP notices, after three messages that did not come"
cable mute wan dpdk3
settles bond2 1 6
balancer 'dpip link show bond2 status'
cable unmute wan dpdk3
settles bond2 2 10
sleep 1
note "wrk is told to end, which it must not have done by itself, and reports"
kill -INT $load || fail "the load ended before the cables had failed"
wait $load || fail "wrk ended with exit code $?"
output=$(< "$directory/wrk.txt")
printf '%s\n' "$output"
! grep -qE 'Socket errors|Non-2xx' <<< "$output" || fail "requests failed while cables did"
expect '[0-9]+ requests in' "wrk reported nothing"
note "No request failed."

heading "What happened on the way"
balancer 'dpip -s link show'
balancer 'ipvsadm -ln --stats'
balancer 'dpvsctl drops -z'

if [ -n "$keep" ]; then
    heading "Left running"
    cat <<KEEP
    export DPVS_IPC_FILE=$DPVS_IPC_FILE
    bin/dpip link show bond1 status        lab/lab ovs $id lan appctl lacp/show
    lab/lab pull $id lan dpdk0             lab/lab plug $id lan dpdk0        (or mute, unmute)
    ip netns exec $(lab_ns "$id" client) curl 10.0.96.204
Take it down: lab/lab down $id
KEEP
    trap - EXIT INT TERM HUP
    disown "$dpvs"
    exit 0
fi

heading "The end"
stage_end
