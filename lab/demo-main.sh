# ./demo main: the how-to's IPv4 full-NAT set-up, command by command, with its tests. Sourced by demo.

heading "The network"
stage_network

heading "Starting dpvs"
stage_dpvs
balancer 'dpip link show'
expect 'dpdk0:' "dpip link show does not list dpdk0"
expect 'dpdk2:' "dpip link show does not list dpdk2"

heading "The how-to's commands"
note "The VIP on dpdk2 (WAN)"
balancer 'dpip addr add 10.0.96.204/32 dev dpdk2'
note "Routes to the WAN, to the servers, and to everybody else through the gateway"
balancer 'dpip route add 10.0.96.0/24 dev dpdk2'
balancer 'dpip route add 192.168.229.0/24 dev dpdk0'
balancer 'dpip route add default via 10.0.96.254 dev dpdk2'
note "A service, its scheduler is round robin; a server in full-NAT; a local address on dpdk0 (LAN)"
balancer 'ipvsadm -A -t 10.0.96.204:80 -s rr'
balancer 'ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.1 -b'
balancer 'ipvsadm --add-laddr -z 192.168.229.204 -t 10.0.96.204:80 -F dpdk0'
note "What we have now"
balancer 'dpip route show'
expect '^inet 0\.0\.0\.0/0 via 10\.0\.96\.254 ' "the default route is missing"
balancer 'dpip addr show'
expect '^inet 10\.0\.96\.204/32 scope global dpdk2' "the VIP is missing"
expect '^inet 192\.168\.229\.204/32 scope global dpdk0' "the local address is missing"
balancer 'ipvsadm -ln'
expect '^TCP +10\.0\.96\.204:80 rr' "the service is missing"
expect '-> 192\.168\.229\.1:80 +FullNat +1 ' "the server is missing"
balancer 'ipvsadm -G'
expect '192\.168\.229\.204' "the local address is not in the service's list"

heading "The how-to's test, from the client"
client 'ping -c4 10.0.96.204'
expect ' 4 received' "the VIP did not answer all four pings"
client 'curl 10.0.96.204'
expect 'This is rs1' "the server did not answer through the VIP"
expect 'Your IP and port is [0-9.]+:[0-9]+' "the page is not the one nginx was told to print"
client 'curl -w "curl says %{local_ip}:%{local_port}\n" 10.0.96.204'
if [ -n "$cgroup" ]; then
    page=$(sed -n 's/^Your IP and port is //p' <<< "$output")
    expect "^curl says $page\$" "the server saw $page, which is not what the client calls itself"
    note "The server sees the client's own address: it travels in TCP option 254, and the agent answers nginx with it."
else
    note "The server sees the balancer's local address; the client's own travels in TCP option 254, for which the agent is missing here."
fi

heading "A second server: round robin"
balancer 'ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.2 -b'
first=0 second=0
for round in 1 2 3 4 5 6; do
    client 'curl 10.0.96.204'
    case $output in
        *'This is rs1'*) first=$((first + 1)) ;;
        *'This is rs2'*) second=$((second + 1)) ;;
        *) fail "request $round was answered by neither server" ;;
    esac
done
[ $first = 3 ] && [ $second = 3 ] || fail "round robin gave rs1 $first and rs2 $second of six requests, not three each"
note "Six requests: rs1 answered $first, rs2 answered $second."

heading "The balancer's counters"
balancer 'ipvsadm -ln'
balancer 'ipvsadm -ln --stats'
expect '10\.0\.96\.204:80 +8 ' "the service did not count eight connections"
balancer 'ipvsadm -lnc'
expect '172\.16\.0\.1:' "no connection of the client is listed"
balancer 'ipvsadm -G'
balancer 'dpip neigh show'
balancer 'dpvsctl status'
balancer 'dpvsctl drops -z'

if [ -n "$cgroup" ]; then
    heading "The agent's counters"
    servers "toa stats --pin $(lab_pins "$id")"
    expect '^with-toa +8 ' "the agent did not count eight connections"
fi

if [ -n "$keep" ]; then
    heading "Left running"
    cat <<KEEP
Look around (as root, in this directory):
    export DPVS_IPC_FILE=$DPVS_IPC_FILE
    bin/ipvsadm -ln        bin/ipvsadm -lnc        bin/dpip link show -s        bin/dpvsctl drops
    ip netns exec $(lab_ns "$id" client) curl 10.0.96.204
    ip netns exec $(lab_ns "$id" rs1) tcpdump -ni eth0        # what the server sees
    less $directory/dpvs.log
    bin/toa status --pin $(lab_pins "$id")        # the servers' agent
Take it down:
    lab/lab down $id
KEEP
    trap - EXIT INT TERM HUP
    disown "$dpvs"
    exit 0
fi

heading "The end"
stage_end
