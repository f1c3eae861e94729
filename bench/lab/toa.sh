# Real servers with the agent and without, interleaved in one run. A library for bash, started by bin/bench toa.
#
# The how-to's network with jdpvs as the balancer stays as it is; in each round the agent is loaded for a turn and unloaded for a turn, in an order that changes
# from round to round. Only a connection's beginning costs anything, so the load is short connections; keep-alive is there to show that a request costs nothing.

. "$home/bench/lab/comparison.sh"

LIP=192.168.229.204

bench_toa() {
    local rounds=5 seconds=3 workers=1
    while [ $# -gt 0 ]; do
        case $1 in
            --rounds) rounds=$2 ;;
            --seconds) seconds=$2 ;;
            *) echo "bin/bench toa [--rounds N] [--seconds N]" >&2; return 2 ;;
        esac
        shift 2
    done
    comparison_up || return 1
    local cgroup round turn
    cgroup=$(lab_cgroup "$id") || return 1
    lab_nginx "$id" rs1 --cgroup "$cgroup" && lab_nginx "$id" rs2 --cgroup "$cgroup" || return 1
    jdpvs_up || { echo "jdpvs could not be set up:" >&2; tail -n 20 "$directory/dpvs.log" >&2; return 1; }

    toa_turn with "$cgroup" 1 warm-up || return 1
    toa_turn without "$cgroup" 1 warm-up || return 1
    for ((round = 1; round <= rounds; round++)); do
        for turn in $([ $((round % 2)) = 1 ] && echo with without || echo without with); do
            echo "round $round of $rounds: $turn the agent" >&2
            toa_turn "$turn" "$cgroup" "$seconds" "$turn" || return 1
        done
    done
    jdpvs_down
    toa_report "$rounds" "$seconds"
}

toa_turn() {                                        # with|without CGROUP SECONDS NAME
    local pins seen
    pins=$(lab_pins "$id")
    if [ "$1" = with ]; then "$home/bin/toa" load --trust $LIP --cgroup "$2" --pin "$pins" > /dev/null || return 1; fi
    seen=$(client curl -s "http://$VIP/" | sed -n 's/^Your IP and port is \(.*\):.*/\1/p')
    case $1:$seen in
        with:172.16.0.1 | without:$LIP) ;;
        *) echo "$1 the agent the server saw $seen" >&2; return 1 ;;
    esac
    record "$4" perrequest "$(requests "-d$3s" -H 'Connection: close')"
    record "$4" keepalive "$(requests "-d$3s")"
    if [ "$1" = with ]; then "$home/bin/toa" unload --pin "$pins" > /dev/null || return 1; fi
    sleep 1
}

toa_report() {                                      # ROUNDS SECONDS
    local workload
    cat <<REPORT
### bin/bench toa --rounds $1 --seconds $2

$(comparison_machine)
One worker. Client, gateway, jdpvs, bridge and two servers share this one machine's CPUs.

| workload | command on the client | with the agent | without | ratio |
|---|---|---|---|---|
$(toa_row perrequest "connection per request, requests/s" "wrk -t1 -c64 -d$2s -H 'Connection: close' http://$VIP/")
$(toa_row keepalive "keep-alive, requests/s" "wrk -t1 -c64 -d$2s http://$VIP/")

Medians; every value, in the order of the rounds:

| workload | agent | values |
|---|---|---|
$(for workload in perrequest keepalive; do
    for turn in with without; do echo "| $workload | $turn | $(values $turn $workload | paste -sd' ') |"; done
done)
REPORT
}

toa_row() {
    local with without
    with=$(median with "$1") without=$(median without "$1")
    echo "| $2 | \`$3\` | $with | $without | $(awk -v a="$with" -v b="$without" 'BEGIN { printf "%.3f", a / b }') |"
}
