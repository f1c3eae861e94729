# ./demo ecmp: docs/guide/ecmp.md with FRRouting; two balancers announce one address by BGP, one is killed and comes back. Sourced by demo.

requests=20

cd "$home" || fail "there is no $home"

heading "The network"
stage_picture() {
    cat <<'PICTURE'

    client            router                  bridge                  balancers                    bridge              servers
    172.16.0.1 ────── 172.16.0.254 10.0.96.254 ──┬── dpdk2 .201   [ dpvs1 ]   dpdk0 192.168.229.204 ──┬── rs1 192.168.229.1 nginx
                                                 └── dpdk2 .202   [ dpvs2 ]   dpdk0 192.168.229.205 ──┴── rs2 192.168.229.2 nginx
                                                           VIP of both: 10.0.97.204

PICTURE
}
stage_lab="--topology ecmp" stage_conf=ecmp.conf stage_trust=192.168.229.204/31
stage_network

# What the guide tells to type and to write is taken from there: a block by the name behind its fence, as it is for the balancer we are at.
guide() {
    awk -v fence="\`\`\`$1" '$0 == fence { in_block = 1; next } /^```/ { in_block = 0 } in_block' docs/guide/ecmp.md |
        sed "s/10\.0\.96\.201/10.0.96.20$number/; s/192\.168\.229\.204/192.168.229.20$((3 + number))/"
}
at() { number=$1 stage_host=dpvs$1 stage_prompt="dpvs$1\$ " DPVS_IPC_FILE=$directory/dpvs$1.ipc; }
type_block() {
    local lines line
    mapfile -t lines < <(guide "$1")
    [ ${#lines[@]} -gt 0 ] || fail "docs/guide/ecmp.md has no block '$1'"
    for line in "${lines[@]}"; do balancer "$line"; done
}
router() { on gateway "$1" 'router$ '; }

# Waits until the router goes by so many balancers, and how long that took since $began: next_hops NUMBER SECONDS
next_hops() {
    until [ "$(lab_exec "$id" gateway ip route show 10.0.97.204 | grep -o ' via ' | wc -l)" = "$1" ]; do
        [ $(($(date +%s%N) - began)) -lt $(($2 * 1000000000)) ] || { router 'ip route show 10.0.97.204'; fail "the router goes by another number of balancers than $1 after $2 s"; }
        sleep 0.05
    done
    note "Next hops of the router: $1, after $((($(date +%s%N) - began) / 1000000)) ms."
    router 'ip route show 10.0.97.204'
}
# Many connections, each of which must be answered.
spread() {
    client "for i in \$(seq $requests); do curl 10.0.97.204 || exit; done | grep -o 'This is rs.' | sort | uniq -c"
    [ "$(awk '{ sum += $1 } END { print sum }' <<< "$output")" = $requests ] || fail "not each of $requests requests was answered"
}
connections() {                                     # NUMBER ...: those that balancers had so far
    for number; do
        at "$number"
        balancer 'ipvsadm -ln --stats'
        expect '^TCP +10\.0\.97\.204:80 +[1-9]' "dpvs$number had no connection"
    done
}

for number in 1 2; do
    at $number
    heading "Balancer $number"
    stage_dpvs
    pids[number]=$dpvs
    type_block dpvs
    type_block host
done

heading "Routing"
note "FRRouting on the balancers speaks BGP over dpdk2.kni, the kernel's interface beside dpdk2. Its configuration on the first, as in docs/guide/ecmp.md:"
at 1
guide balancer
for number in 1 2; do
    at $number
    guide balancer | lab_frr "$id" dpvs$number bgpd || fail "bgpd did not start on dpvs$number"
done
at 1
guide router | lab_frr "$id" gateway bgpd || fail "bgpd did not start on the router"
note "When everything else is in place, a route that no packet takes makes the daemons announce the address"
for number in 1 2; do
    at $number
    type_block announce
done
began=$(date +%s%N)
next_hops 2 15
on machine "lab/lab vtysh $id gateway 'show bgp summary'" 'router$ '

heading "Connections go to both"
spread
connections 1 2

heading "A balancer dies"
at 1
printf '%skill -KILL %s%s%s\n' "$stage_prompt" "$bold" "${pids[1]}" "$plain"
began=$(date +%s%N)
kill -KILL "${pids[1]}"
wait "${pids[1]}" 2> /dev/null
balancer 'ip link show dev dpdk2.kni'
expect 'NO-CARRIER' "the kernel interface has a carrier without dpvs"
next_hops 1 9
note "Its connections are lost, for balancers share none. New ones go to the other:"
spread

heading "It comes back"
note "First nothing is announced, until there is something to announce"
balancer 'ip route del blackhole 10.0.97.204/32'
stage_dpvs
pids[1]=$dpvs
type_block dpvs
began=$(date +%s%N)
type_block announce
next_hops 2 30
spread
connections 1 2
at 1
balancer 'dpvsctl status'
expect '^dpdk2\.kni ' "dpvsctl status does not list the kernel interface"

if [ -n "$keep" ]; then
    heading "Left running"
    cat <<KEEP
    export DPVS_IPC_FILE=$directory/dpvs1.ipc        (or dpvs2.ipc)
    lab/lab vtysh $id gateway 'show bgp summary'     lab/lab exec $id gateway ip route show 10.0.97.204
    lab/lab exec $id client curl 10.0.97.204         lab/lab exec $id dpvs1 tcpdump -ni dpdk2.kni tcp port 179
    lab/lab exec $id dpvs1 ip route del blackhole 10.0.97.204/32      (and: add)
Take it down: lab/lab down $id
KEEP
    trap - EXIT INT TERM HUP
    disown "${pids[@]}"
    exit 0
fi

heading "The end"
stage_end "${pids[@]}"
