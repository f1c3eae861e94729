# What the demos share: a lab, dpvs in it, commands typed on its hosts and shown with their output. A library for bash, on top of lab.sh and nginx.sh; the
# caller sets home, id and keep. Whatever goes wrong ends the demo with a sentence and takes the lab down.

step="reading the arguments"

# The host of dpvs, and what stands before the commands there.
stage_host=dpvs stage_prompt='$ '

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'; else bold='' dim='' red='' green='' plain=''; fi

heading() { step=$1; printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
note() { printf '%s# %s%s\n' "$dim" "$1" "$plain"; }

fail() {
    printf '\n%sThe demo failed: %s%s\n(while: %s)\n' "$red" "$1" "$plain" "$step" >&2
    if [ -s "$(lab_dir "$id")/$stage_host.log" ]; then
        echo "The last lines of dpvs's log:" >&2
        tail -n 25 "$(lab_dir "$id")/$stage_host.log" | sed 's/^/    /' >&2
    fi
    exit 1
}

finish() {
    local status=$?
    trap '' INT TERM HUP
    lab_down "$id"
    exit "$status"
}
interrupted() { printf '\nInterrupted while: %s. Cleaning up.\n' "$step" >&2; exit "$1"; }

# The lab with its servers, the agent that shows them the client's address, and the tools on the path. Set before, if not the how-to's first network is
# wanted: stage_lab (options of lab_up), stage_trust (the local address), stage_nginx (options of lab_nginx).
stage_network() {
    if [ -n "$keep" ]; then id=demo; lab_down "$id"; lab_up "$id" ${stage_lab:-} || fail "the network could not be made"
    else lab_up "$id" ${stage_lab:-} --owner $$ || fail "the network could not be made"; fi
    directory=$(lab_dir "$id")
    stage_picture
    note "Each box is a network namespace; they are joined by veth pairs, and nothing leads out of them."
    export DPVS_IPC_FILE=$directory/dpvs.ipc
    export PATH=$home/bin:$PATH
    stage_agent
    for server in rs1 rs2; do lab_nginx "$id" "$server" ${stage_nginx:-} ${cgroup:+--cgroup "$cgroup"} || fail "nginx did not start on $server"; done
    # What makes "curl ADDRESS" fit a script: no progress bar, and an end when nothing answers.
    export CURL_HOME=$directory
    printf 'silent\nshow-error\nmax-time = %s\n' "${1:-5}" > "$directory/.curlrc"
}

stage_picture() {
    cat <<'PICTURE'

    client            gateway                        balancer                            servers
    172.16.0.1 ────── 172.16.0.254 10.0.96.254 ───── dpdk2     [ dpvs ]     dpdk0 ──┬── rs1 192.168.229.1 nginx
                                                     VIP 10.0.96.204            bridge
                                                                LIP 192.168.229.204 └── rs2 192.168.229.2 nginx

PICTURE
}

# Sets cgroup to the control group for the servers, with the agent attached to it; to nothing when this machine does not let us, and then says so.
stage_agent() {
    local why trust=${stage_trust:-192.168.229.204}
    if cgroup=$(lab_cgroup "$id" 2> "$directory/why") && toa load --trust "$trust" --cgroup "$cgroup" --pin "$(lab_pins "$id")" \
        > "$directory/loaded" 2> "$directory/why"; then
        note "The servers get a control group of their own, $cgroup; the agent shows the client's address there, and nowhere else on this machine."
        printf 'servers$ %stoa load --trust %s --cgroup %s --pin %s%s\n' "$bold" "$trust" "$cgroup" "$(lab_pins "$id")" "$plain"
        cat "$directory/loaded"
    else
        cgroup=
        why=$(< "$directory/why")
        note "The servers will see the balancer's address, not the client's, because their agent cannot be loaded here: ${why#*: }."
    fi
}

# Types a command on a host and shows what it prints; the output is then in $output. "servers" and "machine" are what all hosts have in common.
on() {
    local host=$1 command=$2 prompt=$3 status
    printf '%s%s%s%s\n' "$prompt" "$bold" "$command" "$plain"
    if [ "$host" = servers ] || [ "$host" = machine ]; then output=$(bash -c "$command" 2>&1); else output=$(lab_exec "$id" "$host" bash -c "$command" 2>&1); fi
    status=$?
    [ -z "$output" ] || printf '%s\n' "$output"
    [ $status = 0 ] || fail "'$command' ended with exit code $status"
}
balancer() { on "$stage_host" "$1" "$stage_prompt"; }
client() { on client "$1" 'client$ '; }
servers() { on servers "$1" 'servers$ '; }
expect() { grep -qE -e "$1" <<< "$output" || fail "$2"; }

# Starts it on its host. Sets dpvs to its process id.
stage_dpvs() {
    local conf=conf/demo/${stage_conf:-dpvs.conf}
    local stem=$directory/$stage_host
    printf '%s%sdpvs -c %s -p %s.pid -x %s.ipc &%s\n' "$stage_prompt" "$bold" "$conf" "$stem" "$stem" "$plain"
    began=$(date +%s%N)
    ip netns exec "$(lab_ns "$id" "$stage_host")" "$home/bin/dpvs" -c "$home/$conf" -p "$stem.pid" -x "$stem.ipc" > "$stem.log" 2>&1 < /dev/null &
    dpvs=$!
    until [ -S "$DPVS_IPC_FILE" ] && dpip link show > /dev/null 2>&1; do
        [ -e "/proc/$dpvs" ] && ! grep -q '^State:.Z' "/proc/$dpvs/status" || fail "dpvs ended right after its start"
        [ $(($(date +%s%N) - began)) -lt 20000000000 ] || fail "dpvs did not answer within 20 s"
        sleep 0.1
    done
    note "It answered after $((($(date +%s%N) - began) / 1000000)) ms."
}

# Waits until so many of a bond's two slaves are active, and says how long that took: settles BOND ACTIVE SECONDS
settles() {
    local began elapsed
    began=$(date +%s%N)
    until dpip link show "$1" status 2> /dev/null | grep -q "ative/slaves $2/2 "; do
        [ $(($(date +%s%N) - began)) -lt $(($3 * 1000000000)) ] || { dpip link show "$1" status; fail "$1 has not $2 of 2 slaves active within $3 s"; }
        sleep 0.05
    done
    elapsed=$((($(date +%s%N) - began) / 1000000))
    note "$1 has $2 of 2 slaves active after $elapsed ms."
}

# Unloads the agent, ends dpvs, takes the lab down, and says so: stage_end [PID...]
stage_end() {
    local pid ended
    if [ -n "$cgroup" ]; then
        servers "toa unload --pin $(lab_pins "$id")"
        expect "^unloaded from $cgroup\$" "toa unload did not say what it unloaded from"
    fi
    for pid in ${*:-$dpvs}; do
        kill -TERM "$pid"
        lab_wait_gone 5 "$pid" || fail "dpvs did not stop within 5 s of SIGTERM"
        wait "$pid"
        ended=$?
        [ $ended = 0 ] || fail "dpvs ended with exit code $ended on SIGTERM"
    done
    lab_down "$id"
    printf '%sEverything worked; the network is gone again.%s\n' "$green" "$plain"
}
