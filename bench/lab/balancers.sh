# How each balancer of the comparison is put into the namespace "dpvs" and taken out of it again. All do the same: TCP 80 in turn to both
# servers, iperf3's port 5201 (TCP and UDP) to the first, with $LIP, its own, as the servers' client.

jdpvs_up() {
    dpvs_conf dpdk0 dpdk2 > "$directory/dpvs.conf"
    export DPVS_IPC_FILE=$directory/dpvs.ipc
    ip netns exec "$(lab_ns "$id" dpvs)" "$home/bin/dpvs" -c "$directory/dpvs.conf" -p "$directory/dpvs.pid" -x "$DPVS_IPC_FILE" \
        > "$directory/dpvs.log" 2>&1 < /dev/null &
    jdpvs_pid=$!
    for _ in {1..100}; do "$home/bin/dpip" link show > /dev/null 2>&1 && break; sleep 0.1; done
    "$home/bin/dpip" addr add $VIP/32 dev dpdk2 &&
        "$home/bin/dpip" route add 10.0.96.0/24 dev dpdk2 &&
        "$home/bin/dpip" route add 192.168.229.0/24 dev dpdk0 &&
        "$home/bin/dpip" route add default via 10.0.96.254 dev dpdk2 &&
        "$home/bin/ipvsadm" -R <<SERVICES
-A -t $VIP:80 -s rr
-P -z $LIP -t $VIP:80 -F dpdk0
-a -t $VIP:80 -r 192.168.229.1:80 -b
-a -t $VIP:80 -r 192.168.229.2:80 -b
-A -t $VIP:5201 -s rr
-P -z $LIP -t $VIP:5201 -F dpdk0
-a -t $VIP:5201 -r 192.168.229.1:5201 -b
-A -u $VIP:5201 -s rr
-P -z $LIP -u $VIP:5201 -F dpdk0
-a -u $VIP:5201 -r 192.168.229.1:5201 -b
SERVICES
}

jdpvs_down() {
    kill -TERM "$jdpvs_pid"
    wait "$jdpvs_pid"
    kernel_forget
}

nftables_up() {
    kernel_addresses 1
    lab_exec "$id" dpvs nft -f - <<RULES
table ip balancer {
    chain in {
        type nat hook prerouting priority -100
        ip daddr $VIP tcp dport 80 dnat to numgen inc mod 2 map { 0 : 192.168.229.1, 1 : 192.168.229.2 }
        ip daddr $VIP tcp dport 5201 dnat to 192.168.229.1
        ip daddr $VIP udp dport 5201 dnat to 192.168.229.1
    }
    chain out {
        type nat hook postrouting priority 100
        oif "dpdk0" snat to $LIP
    }
}
RULES
}

nftables_down() {
    lab_exec "$id" dpvs nft delete table ip balancer
    kernel_no_addresses
}

haproxy_up() {
    kernel_addresses 0
    cat > "$directory/haproxy.cfg" <<CONFIGURATION
global
    maxconn 4000
    nbthread $workers
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
listen web
    bind $VIP:80
    balance roundrobin
    source $LIP
    server rs1 192.168.229.1:80
    server rs2 192.168.229.2:80
listen iperf
    bind $VIP:5201
    source $LIP
    server rs1 192.168.229.1:5201
CONFIGURATION
    ip netns exec "$(lab_ns "$id" dpvs)" haproxy -f "$directory/haproxy.cfg" > "$directory/haproxy.log" 2>&1 < /dev/null &
    haproxy_pid=$!
    for _ in {1..50}; do client curl -s -o /dev/null --max-time 1 "http://$VIP/" && return 0; sleep 0.1; done
    return 1
}

haproxy_down() {
    kill "$haproxy_pid"
    wait "$haproxy_pid"
    kernel_no_addresses
}

# VIP and LIP as the kernel's own addresses, for the balancers that live in the kernel's stack.
kernel_addresses() {                                # FORWARDING
    ip -n "$(lab_ns "$id" dpvs)" address add $VIP/24 dev dpdk2 &&
        ip -n "$(lab_ns "$id" dpvs)" address add $LIP/24 dev dpdk0 &&
        ip -n "$(lab_ns "$id" dpvs)" route add default via 10.0.96.254 &&
        lab_exec "$id" dpvs sh -c "echo $1 > /proc/sys/net/ipv4/ip_forward"
    kernel_forget
}

kernel_no_addresses() {
    lab_exec "$id" dpvs sh -c 'echo 0 > /proc/sys/net/ipv4/ip_forward'
    ip -n "$(lab_ns "$id" dpvs)" address flush dev dpdk2
    ip -n "$(lab_ns "$id" dpvs)" address flush dev dpdk0
    kernel_forget
}

# The neighbours learn the next balancer anew.
kernel_forget() {
    local host
    for host in gateway rs1 rs2; do ip -n "$(lab_ns "$id" "$host")" neigh flush all; done
}
