# How regular advertisements are under load. A library for bash, started by bin/bench vrrp.
#
# Our keepalived and Debian's stand in the same namespace at the same time, each master of a virtual router of its own; a third host writes down when each
# advertisement arrived, while as many endless loops as there are processors run beside them. With --checks ours checks servers besides.

. "$home/bench/lab/checks.sh"

bench_vrrp() {
    local seconds=60 interval=0.1 checks=0 loops
    loops=$(nproc)
    while [ $# -gt 0 ]; do
        case $1 in
            --seconds) seconds=$2 ;;
            --interval) interval=$2 ;;
            --loops) loops=$2 ;;
            --checks) checks=$2 ;;
            *) echo "bin/bench vrrp [--seconds N] [--interval SECONDS] [--loops N] [--checks N]" >&2; return 2 ;;
        esac
        shift 2
    done
    comparison_up tcpdump keepalived || return 1
    checks_network || return 1
    { vrrp_configuration ours 51 "$interval"; checks_configuration tcp "$checks" 3; } > "$directory/ours.conf"
    vrrp_configuration theirs 52 "$interval" > "$directory/theirs.conf"
    DPVS_IPC_FILE=$directory/none.ipc lab_exec "$id" dpvs "$home/bin/keepalived" -n -G -g "$directory/ours.log" -f "$directory/ours.conf" \
        -p "$directory/ours.pid" > "$directory/ours.out" 2>&1 < /dev/null &
    lab_exec "$id" dpvs keepalived -n -l -P -f "$directory/theirs.conf" -p "$directory/theirs.pid" -r "$directory/theirs-vrrp.pid" \
        > "$directory/theirs.log" 2>&1 < /dev/null &
    sleep 10
    local ours theirs
    ours=$(cat "$directory/ours.pid") && theirs=$(cat "$directory/theirs.pid") && kill -0 "$ours" "$theirs" || { cat "$directory"/ours.out "$directory"/theirs.log >&2; return 1; }
    local loop pids=
    for ((loop = 0; loop < loops; loop++)); do
        timeout "$seconds" sh -c 'while :; do :; done' &
        pids+=" $!"
    done
    lab_exec "$id" rs1 timeout "$seconds" tcpdump -n -tt -l -i eth0 ip proto 112 > "$directory/advertisements" 2> /dev/null
    # Without a word, wait would wait for both keepaliveds too.
    [ -z "$pids" ] || wait $pids
    kill -TERM "$ours" "$theirs"
    lab_wait_gone 10 "$ours" "$theirs" || return 1
    vrrp_report "$seconds" "$interval" "$loops" "$checks"
}

vrrp_configuration() {                              # NAME ROUTER-ID INTERVAL
    cat <<CONF
vrrp_instance $1 {
    state MASTER
    version 3
    interface dpdk0
    $([ "$1" = ours ] && echo dpdk_interface dpdk0)
    virtual_router_id $2
    priority 100
    advert_int $3
    virtual_ipaddress { 192.168.229.$2/32 }
}
CONF
}

vrrp_report() {                                     # SECONDS INTERVAL LOOPS CHECKS
    cat <<REPORT
### bin/bench vrrp --seconds $1 --interval $2 --loops $3 --checks $4

$(comparison_machine)
How much later or earlier than $2 s after the one before an advertisement came, with $3 endless loops beside and $4 checks of ours every 3 s.

| | advertisements | within 20 ms | median | 99 % | worst |
|---|--:|--:|--:|--:|--:|
REPORT
    vrrp_row jdpvs 51 "$2"
    vrrp_row "$(keepalived --version 2>&1 | awk 'NR == 1 { print "keepalived " $2 }')" 52 "$2"
}

vrrp_row() {                                        # NAME ROUTER-ID INTERVAL
    awk -v id="vrid $2," -v interval="$3" 'index($0, id) {
        if (last) { off = 1000 * ($1 - last - interval); print off < 0 ? -off : off }
        last = $1
    }' "$directory/advertisements" | sort -g | awk -v name="$1" '
        { off[NR] = $1; inside += $1 <= 20 }
        END {
            if (!NR) { print "| " name " | none | | | | |"; exit 1 }
            printf "| %s | %d | %.2f %% | %.2f ms | %.2f ms | %.2f ms |\n", name, NR + 1, 100 * inside / NR, off[int((NR + 1) / 2)], off[int(NR * 0.99 + 0.999)], off[NR]
        }'
}
