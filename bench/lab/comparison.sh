# What the comparisons over real networks share. A library for bash; $home is the tree.

. "$home/lab/lab.sh"
. "$home/lab/nginx.sh"
. "$home/lab/conf.sh"
. "$home/bench/lab/balancers.sh"

VIP=10.0.96.204

# The how-to's network, which goes with the process. Sets $id, $directory and $results.
comparison_up() {                                   # NEEDED-TOOL...
    [ "$(id -u)" = 0 ] || { echo "The comparison makes network namespaces: run it as root." >&2; return 1; }
    require_tools ip:iproute2 ping:iputils-ping curl nginx:nginx-light wrk "$@" || return 1
    ensure_built || return 1

    id=bench$$
    trap 'lab_down $id' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    lab_up "$id" --owner $$ || return 1
    directory=$(lab_dir "$id")
    results=$directory/results
    : > "$results"
}

client() { lab_exec "$id" client timeout 60 "$@"; }
requests() { client wrk -t1 -c64 "$@" "http://$VIP/" | awk '/^Requests\/sec/ { printf "%.0f", $2 }'; }

record() { printf '%s\t%s\t%s\n' "$1" "$2" "${3:-failed}" >> "$results"; }     # CONTENDER WORKLOAD VALUE
values() { awk -F'\t' -v c="$1" -v w="$2" '$1 == c && $2 == w { print $3 }' "$results"; }
median() { values "$1" "$2" | sort -g | awk '{ value[NR] = $0 } END { print value[int((NR + 1) / 2)] }'; }

comparison_machine() {
    echo "$(date -u '+%Y-%m-%d %H:%M UTC'), $(uname -sr), $(nproc) CPUs ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), load at the end $(cut -d' ' -f1 /proc/loadavg);"
    echo "$(nginx -v 2>&1 | sed 's/nginx version: //'), JDK $("$JAVA_HOME/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')."
}
