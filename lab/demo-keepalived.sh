# ./demo keepalived: the how-to's section 5, two balancers whose addresses go where one is alive. Sourced by demo.

cd "$home" || fail "there is no $home"

heading "The network"
stage_picture() {
    cat <<'PICTURE'

    client            router                  bridge                    balancers                        bridge              servers
    172.16.0.1 ────── 172.16.0.254 10.0.96.254 ──┬── bond2 .200   [ dpvs1 keepalived ]   bond1 .200 ──────┬── rs1 192.168.229.1 nginx
    2408::1 ───────── 2408::254    2001::1       └── bond2 .199   [ dpvs2 keepalived ]   bond1 .199 ──────┴── rs2 192.168.229.2 nginx
                                     VIPs of the master: 10.0.96.201, .202, 2001::201, ::202

PICTURE
}
stage_lab="--topology ecmp --ipv6" stage_conf=keepalived/dpvs.conf stage_trust=192.168.229.200/29 stage_nginx="--ipv6"
stage_network

at() { number=$1 stage_host=dpvs$1 stage_prompt="dpvs$1\$ " DPVS_IPC_FILE=$directory/dpvs$1.ipc; }
config() { case $1 in 1) echo conf/demo/keepalived/master.conf ;; 2) echo conf/demo/keepalived/backup.conf ;; esac; }
kernel_address() { echo $((201 - $1)); }

stage_keepalived() {
    balancer "keepalived -f $(config "$number") -p $directory/keepalived$number.pid -D -d -S 0"
    keepalived[number]=$(cat "$directory/keepalived$number.pid") || fail "keepalived wrote no pid file"
}

# Waits until keepalived says so of an instance, and how long that took since $began: state INSTANCE STATE SECONDS
state() {
    until dpvsctl ha 2> /dev/null | grep -qE "^$1 .*\b$2\b"; do
        [ $(($(date +%s%N) - began)) -lt $(($3 * 1000000000)) ] || { dpvsctl ha; fail "$1 is not $2 on dpvs$number within $3 s"; }
        sleep 0.05
    done
    note "$1 is $2 on dpvs$number after $((($(date +%s%N) - began) / 1000000)) ms."
}

# From the client until an address answers, since $began: answers URL SECONDS
answers() {
    until lab_exec "$id" client curl -g -s -m 1 -o /dev/null "$1"; do
        [ $(($(date +%s%N) - began)) -lt $(($2 * 1000000000)) ] || fail "$1 did not answer within $2 s"
        sleep 0.05
    done
    note "$1 answers the client again $((($(date +%s%N) - began) / 1000000)) ms after that."
}

both_families() {
    client 'curl 10.0.96.201'
    expect 'This is rs' "the IPv4 address did not answer"
    client 'curl -g "http://[2001::201]"'
    expect 'This is rs' "the IPv6 address did not answer"
}

start_balancer() {
    stage_dpvs
    pids[number]=$dpvs
    note "The kernel's interfaces beside the bonds: VRRP and the health checks use them"
    balancer "ip link set bond1.kni up && ip address replace 192.168.229.$(kernel_address "$number")/24 dev bond1.kni"
    balancer "ip link set bond2.kni up && ip address replace 10.0.96.$(kernel_address "$number")/24 dev bond2.kni"
    note "Routes stay the operator's; addresses and services are keepalived's"
    balancer 'dpip route add 10.0.96.0/24 dev bond2'
    balancer 'dpip route add 192.168.229.0/24 dev bond1'
    balancer 'dpip route add default via 10.0.96.254 dev bond2'
    balancer 'dpip route -6 add 2001::/64 dev bond2'
    balancer 'dpip route -6 add default via 2001::1 dev bond2'
}

for number in 1 2; do
    at $number
    # VRRP of IPv6 speaks from the kernel's link-local address.
    lab_exec "$id" $stage_host sh -c 'echo 0 > /proc/sys/net/ipv6/conf/default/disable_ipv6; echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6'
    heading "Balancer $number"
    start_balancer
done

heading "keepalived"
at 1
balancer "keepalived -t -f $(config 1)"
stage_keepalived
began=$(date +%s%N)
state VI_1 MASTER 10
state VI_2 MASTER 10
at 2
stage_keepalived
began=$(date +%s%N)
state VI_1 BACKUP 10
state VI_2 BACKUP 10
at 1
balancer 'dpvsctl ha'
balancer 'dpip addr show'
expect '10\.0\.96\.201/32 scope global bond2' "the master has no address"
expect '2001::201/128 scope global bond2' "the master has no IPv6 address"
balancer 'ipvsadm -ln'
expect '192\.168\.229\.1:80 +FullNat 100' "the service has no server"
at 2
balancer 'dpip addr show'
! grep -q '10\.0\.96\.201' <<< "$output" || fail "the backup has an address of the master's"
both_families

heading "A server fails"
at 1
nginx=$(cat "$(lab_dir "$id")"/rs1/nginx.pid) || fail "nginx on rs1 has no pid file"
printf 'rs1$ %skill %s%s\n' "$bold" "$nginx" "$plain"
kill "$nginx"
began=$(date +%s%N)
until ipvsadm -ln | grep -qE '192\.168\.229\.1:80 +FullNat 0 '; do
    [ $(($(date +%s%N) - began)) -lt 20000000000 ] || { dpvsctl health; fail "the dead server keeps its weight"; }
    sleep 0.1
done
note "Its weight is 0 after $((($(date +%s%N) - began) / 1000000)) ms; delay_loop is 3 s, and it is asked once more after a second."
balancer 'dpvsctl health'
expect 'TCP_CHECK' "dpvsctl health does not list the check"
for _ in 1 2 3; do
    client 'curl 10.0.96.202'
    expect 'This is rs2' "a request went to the dead server"
done
lab_nginx "$id" rs1 --ipv6 ${cgroup:+--cgroup "$cgroup"} || fail "nginx did not start on rs1"
began=$(date +%s%N)
until ipvsadm -ln | grep -qE '192\.168\.229\.1:80 +FullNat 100 '; do
    [ $(($(date +%s%N) - began)) -lt 20000000000 ] || { dpvsctl health; fail "the server's weight does not come back"; }
    sleep 0.1
done
note "It has its weight again after $((($(date +%s%N) - began) / 1000000)) ms."

heading "The master dies"
printf '%skill -KILL %s %s%s\n' "$stage_prompt" "$bold${keepalived[1]}" "${pids[1]}" "$plain"
began=$(date +%s%N)
kill -KILL "${keepalived[1]}" "${pids[1]}"
wait "${pids[1]}" 2> /dev/null
answers http://10.0.96.201 12
answers 'http://[2001::201]' 12
at 2
balancer 'dpvsctl ha'
balancer 'dpip addr show'
expect '10\.0\.96\.201/32 scope global bond2' "the backup has not taken the addresses"
both_families

heading "It comes back"
at 1
start_balancer
stage_keepalived
began=$(date +%s%N)
state VI_1 MASTER 15
at 2
began=$(date +%s%N)
state VI_1 BACKUP 10
balancer 'dpip addr show'
! grep -q '10\.0\.96\.201' <<< "$output" || fail "both have the master's address"
both_families

if [ -n "$keep" ]; then
    heading "Left running"
    cat <<KEEP
    export DPVS_IPC_FILE=$directory/dpvs1.ipc        (or dpvs2.ipc; then bin/dpvsctl ha, health, bin/ipvsadm -ln)
    lab/lab exec $id client curl 10.0.96.201         lab/lab exec $id dpvs1 tcpdump -ni bond2.kni vrrp
    kill \$(cat $directory/keepalived1.pid)           (a clean stop: the other takes over at once)
Take it down: lab/lab down $id
KEEP
    trap - EXIT INT TERM HUP
    disown "${pids[@]}"
    exit 0
fi

heading "The end"
for number in 1 2; do
    at $number
    balancer "kill ${keepalived[number]}"
    lab_wait_gone 8 "${keepalived[number]}" || fail "keepalived did not stop within 8 s of SIGTERM"
    balancer 'ipvsadm -ln'
    ! grep -q '10\.0\.96\.201' <<< "$output" || fail "keepalived left its services behind"
done
stage_end "${pids[@]}"
