# ./demo trouble: a working set-up, broken in five ways one after the other. Each time: what the client sees, the cause as dpvsctl trace names it, the way
# out, and the client served again. Sourced by demo.

# A command on the client that has to fail.
client_fails() {
    local status
    printf 'client$ %s%s%s\n' "$bold" "$1" "$plain"
    output=$(lab_exec "$id" client bash -c "$1" 2>&1)
    status=$?
    printf '%s\n' "$output"
    [ $status != 0 ] || fail "the client was served although the set-up is broken"
}

# trace_names REASON PATTERN: the verdict has to be a drop for this reason, in words that match.
trace_names() {
    local command="dpvsctl trace 172.16.0.1:40000 10.0.96.204:80" status
    printf '$ %s%s%s\n' "$bold" "$command" "$plain"
    output=$(lab_exec "$id" dpvs $command 2>&1)
    status=$?
    printf '%s\n' "$output"
    [ $status = 1 ] || fail "trace ended with exit code $status, not 1"
    expect "^verdict: dropped: $1 – .*$2" "trace does not name the cause: $1, $2"
}

served_again() {
    client 'curl 10.0.96.204'
    expect 'This is rs' "the client is not served although the cause is gone"
}

heading "A set-up that works"
stage_network 4
stage_dpvs
balancer 'dpip addr add 10.0.96.204/32 dev dpdk2'
balancer 'dpip route add 10.0.96.0/24 dev dpdk2'
balancer 'dpip route add 192.168.229.0/24 dev dpdk0'
balancer 'dpip route add 172.16.0.0/24 via 10.0.96.254 dev dpdk2'
balancer 'ipvsadm -A -t 10.0.96.204:80 -s rr'
balancer 'ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.1 -b'
balancer 'ipvsadm --add-laddr -z 192.168.229.204 -t 10.0.96.204:80 -F dpdk0'
served_again
balancer 'dpvsctl trace 172.16.0.1:40000 10.0.96.204:80'
expect '^verdict: forwarded to 192\.168\.229\.1:80 via 192\.168\.229\.204' "trace does not see that it works"

heading "1. No route to the server"
balancer 'dpip route del 192.168.229.0/24 dev dpdk0'
client_fails 'curl 10.0.96.204'
trace_names no-route 'the server 192\.168\.229\.1'
note "The way out"
balancer 'dpip route add 192.168.229.0/24 dev dpdk0'
served_again

heading "2. No local address"
balancer 'ipvsadm --del-laddr -z 192.168.229.204 -t 10.0.96.204:80 -F dpdk0'
client_fails 'curl 10.0.96.204'
trace_names no-local-address 'ipvsadm --add-laddr'
note "The way out"
balancer 'ipvsadm --add-laddr -z 192.168.229.204 -t 10.0.96.204:80 -F dpdk0'
served_again

heading "3. The server does not answer ARP"
note "The service moves to rs2, whose interface was set up without ARP"
on rs2 'ip link set eth0 arp off' 'rs2$ '
balancer 'ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.2 -b'
balancer 'ipvsadm -d -t 10.0.96.204:80 -r 192.168.229.1'
# dpvs asks for three seconds and a little before it says that nobody answers.
client_fails 'curl --max-time 8 10.0.96.204'
trace_names neighbour-unresolved '192\.168\.229\.2 on dpdk0.* has not answered ARP'
note "The way out"
on rs2 'ip link set eth0 arp on' 'rs2$ '
served_again

heading "4. Weight 0"
balancer 'ipvsadm -e -t 10.0.96.204:80 -r 192.168.229.2 -b -w 0'
client_fails 'curl 10.0.96.204'
trace_names no-destination 'weight 0'
note "The way out"
balancer 'ipvsadm -e -t 10.0.96.204:80 -r 192.168.229.2 -b -w 1'
served_again

heading "5. The client is refused: the server's connection threshold is reached"
note "What refuses single clients today; access lists come later. One client holds a connection, and only one is allowed"
lab_exec "$id" client bash -c 'exec 3<> /dev/tcp/10.0.96.204/80; sleep 30' &
holder=$!
for ((round = 0; round < 50; round++)); do
    [ "$(dpvsctl conns --count --state tcp_est)" = 0 ] || break
    sleep 0.1
done
balancer 'ipvsadm -e -t 10.0.96.204:80 -r 192.168.229.2 -b -w 1 -x 1'
client_fails 'curl 10.0.96.204'
trace_names no-destination 'connection threshold'
note "The way out"
balancer 'ipvsadm -e -t 10.0.96.204:80 -r 192.168.229.2 -b -w 1 -x 1000'
served_again
kill "$holder" 2> /dev/null
wait "$holder" 2> /dev/null

heading "What went wrong, in numbers"
balancer 'dpvsctl drops -z'

heading "The end"
stage_end
