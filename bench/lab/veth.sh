# jdpvs, nftables and HAProxy in the same namespaces, interleaved in one run. A library for bash, started by bin/bench veth.
#
# In each round each balancer takes its turn at the same place, between the same client and the same two servers (the how-to's network, see
# lab/lab.sh), set up anew and warmed up before it is measured, so that what the machine does meanwhile strikes all alike. Loads are bounded in
# time, and never leave the namespaces. Prints Markdown: machine, commands, medians, and every value measured.

. "$home/bench/lab/comparison.sh"

# Each balancer's own: a server in TIME_WAIT refuses a SYN whose timestamp is older than the last connection's by the same addresses and ports, and the
# three do not tell the same time. With one address for all, each would suffer from the connections of those before it.
declare -A LIPS=([jdpvs]=192.168.229.204 [nftables]=192.168.229.205 [haproxy]=192.168.229.206)

bench_veth() {
    local rounds=3 seconds=4 workers=1 warmup=4
    while [ $# -gt 0 ]; do
        case $1 in
            --rounds) rounds=$2 ;;
            --seconds) seconds=$2 ;;
            --warmup) warmup=$2 ;;
            --workers) workers=$2 ;;
            *) echo "bin/bench veth [--rounds N] [--seconds N] [--warmup SECONDS] [--workers N]" >&2; return 2 ;;
        esac
        shift 2
    done
    comparison_up nstat:iproute2 iperf3 nft:nftables haproxy || return 1
    lab_nginx "$id" rs1 && lab_nginx "$id" rs2 || return 1
    lab_exec "$id" rs1 iperf3 -s > "$directory/iperf3.log" 2>&1 &

    local round balancer
    for ((round = 1; round <= rounds; round++)); do
        for balancer in jdpvs nftables haproxy; do
            echo "round $round of $rounds: $balancer" >&2
            LIP=${LIPS[$balancer]}
            "${balancer}_up" || {
                echo "$balancer could not be set up:" >&2
                tail -n 20 "$directory/dpvs.log" "$directory/haproxy.log" >&2
                return 1
            }
            bench_one "$balancer" "$seconds" "$warmup"
            "${balancer}_down"
        done
    done
    bench_report "$rounds" "$seconds" "$warmup" "$workers"
}

bench_one() {                                       # BALANCER SECONDS WARMUP
    requests -d"$3s" > /dev/null 2>&1
    requests -d"$3s" -H 'Connection: close' > /dev/null 2>&1
    record "$1" keepalive "$(requests -d"$2s")"
    record "$1" perrequest "$(requests -d"$2s" -H 'Connection: close')"
    bench_stream "$1" upload client rs1 "$2"
    bench_stream "$1" download rs1 client "$2" -R
    if [ "$1" = haproxy ]; then record "$1" smallpackets "–"
    else record "$1" smallpackets "$(client iperf3 -c $VIP -u -b 4G -l 18 -t "$2" -J | iperf_received_packets "$2")"; fi
    sleep 1
}

# One TCP stream: its rate, and what its two ends count of disorder meanwhile. Segments that arrived after later ones are counted where they
# arrive, retransmissions where they leave, and so are those that the receiver reported to have had already (DSACK): needless, that is.
bench_stream() {                                    # BALANCER WORKLOAD SENDER RECEIVER SECONDS IPERF3-OPTION...
    local balancer=$1 workload=$2 sender=$3 receiver=$4 seconds=$5 before after
    shift 5
    before=($(disorder "$sender" "$receiver"))
    record "$balancer" "$workload" "$(client iperf3 -c $VIP -t "$seconds" "$@" -J | iperf_gigabits sum_received)"
    after=($(disorder "$sender" "$receiver"))
    record "$balancer" "$workload-ofo" $((after[0] - before[0]))
    record "$balancer" "$workload-dsack" $((after[1] - before[1]))
    record "$balancer" "$workload-retransmitted" $((after[2] - before[2]))
}

disorder() {                                        # SENDER RECEIVER
    tcp_counter "$2" TcpExtTCPOFOQueue
    tcp_counter "$1" TcpExtTCPDSACKRecvSegs
    tcp_counter "$1" TcpRetransSegs
}

tcp_counter() { lab_exec "$id" "$1" nstat -asz "$2" | awk -v name="$2" '$1 == name { print $2 }'; }

# iperf3's JSON, one key a line: the rate of an end-of-test object in Gbit/s.
iperf_gigabits() {
    awk -v object="\"$1\":" '
        index($0, object) { inside = 1 }
        inside && /"bits_per_second"/ { sub(/.*:/, ""); printf "%.2f", $0 / 1e9; exit }'
}

# Datagrams that arrived each second: those sent less those lost, of the object over the whole test.
iperf_received_packets() {
    awk -v seconds="$1" '
        /"end":/ { atEnd = 1 }
        atEnd && /"sum":/ { inside = 1 }
        inside && /"lost_packets"/ { sub(/.*:/, ""); lost = $0 + 0 }
        inside && /"packets"/ { sub(/.*:/, ""); printf "%.0f", ($0 - lost) / seconds; exit }'
}

bench_report() {                                    # ROUNDS SECONDS WARMUP WORKERS
    local balancer workload
    cat <<REPORT
### bin/bench veth --rounds $1 --seconds $2 --warmup $3 --workers $4

$(comparison_machine)
$(nft --version | cut -d'(' -f1), $(haproxy -v | head -1 | cut -d' ' -f1-3).
Client, gateway, balancer, bridge and two servers are namespaces of this one machine and share its CPUs; all keep TIME_WAIT as the
kernel does by default, and each balancer has a local address of its own.

| workload | command on the client | jdpvs | nftables dnat+snat | HAProxy TCP |
|---|---|---|---|---|
$(bench_row keepalive "keep-alive, requests/s" "wrk -t1 -c64 -d$2s http://$VIP/")
$(bench_row perrequest "connection per request, requests/s" "wrk -t1 -c64 -d$2s -H 'Connection: close' http://$VIP/")
$(bench_row upload "one TCP stream to the server, Gbit/s" "iperf3 -c $VIP -t $2")
$(bench_row download "one TCP stream from the server, Gbit/s" "iperf3 -c $VIP -t $2 -R")
$(for workload in upload download; do
    bench_row $workload-ofo "$workload: segments that arrived out of order (TCPOFOQueue)" "nstat on the receiver"
    bench_row $workload-dsack "$workload: segments the receiver had already (TCPDSACKRecvSegs)" "nstat on the sender"
    bench_row $workload-retransmitted "$workload: segments sent again (TcpRetransSegs)" "nstat on the sender"
done)
$(bench_row smallpackets "60-byte UDP frames that arrive, packets/s" "iperf3 -c $VIP -u -b 4G -l 18 -t $2")

Medians; every value, in the order of the rounds:

| workload | balancer | values |
|---|---|---|
$(for workload in keepalive perrequest {upload,download}{,-ofo,-dsack,-retransmitted} smallpackets; do
    for balancer in jdpvs nftables haproxy; do
        echo "| $workload | $balancer | $(values "$balancer" "$workload" | paste -sd' ') |"
    done
done)
REPORT
}

bench_row() { echo "| $2 | \`$3\` | $(median jdpvs "$1") | $(median nftables "$1") | $(median haproxy "$1") |"; }
