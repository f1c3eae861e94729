# A control group for a lab's servers and the agent of real servers (bin/toa) attached to it, so that it touches nothing else on the machine. A library for
# bash, on top of lab.sh; lab_down takes both away again.

lab_pins() { echo "/sys/fs/bpf/jdpvs-lab-$1"; }     # ID → where the lab's agent is to pin its programs

# Makes the control group and prints its directory, or says why there is none.
lab_cgroup() {                                      # ID
    local root directory
    root=$(awk '{ for (i = 7; i < NF; i++) if ($i == "-") { if ($(i + 1) == "cgroup2") { print $5; exit } else next } }' /proc/self/mountinfo)
    [ -n "$root" ] || { lab_fail "cgroup2 is not mounted"; return 1; }
    directory=$root/jdpvs-lab-$1
    echo "$directory" > "$(lab_dir "$1")/cgroup"
    mkdir -p "$directory" 2> /dev/null && (echo "$BASHPID" > "$directory/cgroup.procs") 2> /dev/null ||
        { lab_fail "a control group cannot be made in $root"; return 1; }
    echo "$directory"
}

# Removes what tests that were killed have left: pins and control groups named after processes that are no more.
lab_cgroup_sweep() {
    local left pid
    for left in /sys/fs/bpf/jdpvs-{e2e,toatest}-* /sys/fs/cgroup/{,unified/}jdpvs-{e2e,toatest}-*; do
        [ -d "$left" ] || continue
        pid=$(sed -n 's/.*-\([0-9]*\)-[0-9]*$/\1/p' <<< "$left")
        [ -n "$pid" ] && [ ! -d "/proc/$pid" ] || continue
        case $left in
            /sys/fs/bpf/*) rm -rf "$left" ;;
            *) rmdir "$left" ;;
        esac
    done
}

# Detaches the lab's agent and removes the control group, once nothing runs in it.
lab_cgroup_remove() {                               # ID
    local directory round
    directory=$(cat "$(lab_dir "$1")/cgroup" 2> /dev/null) || return 0
    [ ! -d "$(lab_pins "$1")" ] || "${LAB_SCRIPT%/*}/../bin/toa" unload --pin "$(lab_pins "$1")" > /dev/null 2>&1 < /dev/null
    for round in 1 2 3 4 5 6 7 8 9 10; do
        if rmdir "$directory" 2> /dev/null || [ ! -d "$directory" ]; then return 0; fi
        sleep 0.1
    done
    lab_fail "the control group $directory cannot be removed; something runs in it"
}
