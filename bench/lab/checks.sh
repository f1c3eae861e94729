# What thousands of health checks cost, and whether a start calls live servers dead. A library for bash, started by bin/bench checks.
#
# keepalived checks servers that are all alive: addresses of one host with one nginx, behind a bridge. For each kind of check it is started anew, for what a cold
# process says in its first seconds is of interest too. dpvs is not there: what is measured is the checks.

. "$home/bench/lab/comparison.sh"

bench_checks() {
    local checks=2000 seconds=60 interval=3 kinds="tcp http ping tcp-interface" kind
    while [ $# -gt 0 ]; do
        case $1 in
            --checks) checks=$2 ;;
            --seconds) seconds=$2 ;;
            --interval) interval=$2 ;;
            --kinds) kinds=${2//,/ } ;;
            *) echo "bin/bench checks [--checks N] [--seconds N] [--interval SECONDS] [--kinds tcp,http,ping,tcp-interface]" >&2; return 2 ;;
        esac
        shift 2
    done
    comparison_up || return 1
    checks_network || return 1
    for kind in $kinds; do
        echo "$kind" >&2
        checks_turn "$kind" "$checks" "$interval" "$seconds" || return 1
    done
    checks_report "$checks" "$seconds" "$interval" "$kinds"
}

# One server with 65,536 addresses.
checks_network() {
    lab_nginx "$id" rs1 &&
        lab_exec "$id" rs1 ip route add local 10.77.0.0/16 dev lo &&
        lab_exec "$id" dpvs ip address add 192.168.229.200/24 dev dpdk0 &&
        lab_exec "$id" dpvs ip route add 10.77.0.0/16 via 192.168.229.1
}

checks_turn() {                                     # KIND CHECKS INTERVAL SECONDS
    local log=$directory/$1.log file=$directory/$1.conf pid before after
    checks_configuration "$@" > "$file" || return 1
    DPVS_IPC_FILE=$directory/none.ipc lab_exec "$id" dpvs "$home/bin/keepalived" -n -G -g "$log" -f "$file" -p "$directory/$1.pid" \
        > "$directory/$1.out" 2>&1 < /dev/null &
    sleep 20
    pid=$(cat "$directory/$1.pid") && kill -0 "$pid" || { cat "$directory/$1.out" >&2; return 1; }
    record "$1" cold "$(checks_failed "$log")"
    before=$(checks_ticks $pid)
    sleep "$4"
    after=$(checks_ticks $pid)
    record "$1" core "$(awk -v t=$((after - before)) -v s="$4" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.1f", 100 * t / hz / s }')"
    record "$1" all "$(checks_failed "$log")"
    kill -TERM "$pid"
    lab_wait_gone 10 "$pid"
}

checks_failed() { grep -cE '(CHECK|GET) on service .*: ' "$1"; }                        # LOG: attempts that failed
checks_ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }         # PID: of the processor

checks_configuration() {                            # KIND CHECKS INTERVAL
    local number check
    case $1 in
        tcp) check="TCP_CHECK { connect_timeout 3 }" ;;
        tcp-interface) check="TCP_CHECK {
            connect_timeout 3
            bind_if dpdk0
        }" ;;
        http) check="HTTP_GET {
            connect_timeout 3
            url {
                path /
                status_code 200
            }
        }" ;;
        ping) check="PING_CHECK { }" ;;
        *) echo "no kind of check '$1'" >&2; return 1 ;;
    esac
    echo "global_defs { checker_log_all_failures on }"
    for ((number = 0; number < $2; number++)); do
        ((number % 100 == 0)) && echo "virtual_server 10.0.96.$((1 + number / 100)) 80 {
    lb_algo rr
    lb_kind FNAT
    protocol TCP
    delay_loop $3
    retry 3
    delay_before_retry 1"
        echo "    real_server 10.77.$((number / 250)).$((1 + number % 250)) 80 {
        weight 1
        $check
    }"
        ((number % 100 == 99 || number == $2 - 1)) && echo "}"
    done
    true
}

checks_report() {                                   # CHECKS SECONDS INTERVAL KINDS
    local kind
    cat <<REPORT
### bin/bench checks --checks $1 --seconds $2 --interval $3 --kinds ${4// /,}

$(comparison_machine)
$1 servers, all alive, each checked every $3 s; of the processor in $2 s after 20 s of warm-up.

| check | of a core | attempts that failed in the first 20 s | in all |
|---|--:|--:|--:|
REPORT
    for kind in $4; do
        echo "| $kind | $(values "$kind" core) % | $(values "$kind" cold) | $(values "$kind" all) |"
    done
}
