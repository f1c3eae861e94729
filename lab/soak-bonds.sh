# One combination of ./soak bonds. A library for bash, on top of soak.sh.

# What traffic may feel of a cable that is pulled, of one that dies silently under LACP, and the time until a bond uses a cable again.
SOAK_PULLED_MILLIS=300
SOAK_SILENT_MILLIS=7000
SOAK_SETTLE_SECONDS=35

# From the loss of a cable to the last frame that dpvs gives to it, and how long that is watched for.
SOAK_LAST_PULLED_MILLIS=300
SOAK_LAST_SILENT_MILLIS=5500
SOAK_WATCH_PULLED_SECONDS=1
SOAK_WATCH_SILENT_SECONDS=6

# soak_bond ID MODE AGGREGATE WORKERS MTU SECONDS : two bonds under wrk, iperf3 and a datagram each millisecond, while cables fail, one at a time.
soak_bond() {
    local id=$1 mode=$2 aggregate=$3 workers=$4 mtu=$5 seconds=$6
    local directory vip=10.0.96.204 wan=bond2 lan=bond1 lip=192.168.229.204 net=192.168.229 dpvs before after status=0 round=0 muted=0 pulled=() silent=()
    local name="mode $mode, $aggregate, $workers worker(s), MTU $mtu" longest allowed=$SOAK_PULLED_MILLIS load=() process
    lab_up "$id" --topology bond --aggregate "$aggregate" --mtu "$mtu" --owner $$ || return 1
    directory=$(lab_dir "$id")
    lab_nginx "$id" rs1 && lab_nginx "$id" rs2 || return 1
    dpvs_conf "bond1=$mode:dpdk0,dpdk1" "bond2=$mode:dpdk2,dpdk3" > "$directory/dpvs.conf"
    soak_dpvs
    dpvs_configure && soak_bond_services || { echo "FAILED $name: the set-up was refused"; return 1; }
    soak_settle bond1 "$(soak_active)" && soak_settle bond2 "$(soak_active)" || { echo "FAILED $name"; return 1; }

    ip netns exec "$(lab_ns "$id" rs1)" iperf3 -s > "$directory/sink.txt" 2>&1 < /dev/null &
    ip netns exec "$(lab_ns "$id" rs1)" python3 e2e/src/test/scripts/echo-udp.py serve 5300 > "$directory/echo.txt" 2>&1 < /dev/null &
    sleep 1
    lab_exec "$id" client wrk -t1 -c32 -d"${seconds}s" --timeout 15s "http://$vip/" > "$directory/wrk.txt" 2>&1 &
    load+=($!)
    lab_exec "$id" client iperf3 -c $vip -b 50M -t "$seconds" > "$directory/iperf.txt" 2>&1 &
    load+=($!)
    lab_exec "$id" client python3 e2e/src/test/scripts/udp-stream.py $vip 5300 16 "$seconds" > "$directory/stream.txt" 2>&1 &
    load+=($!)
    local until=$((SECONDS + seconds - 15))
    sleep 3
    before=$(soak_memory "$dpvs")
    while [ $SECONDS -lt $until ]; do
        round=$((round + 1))
        soak_cable_fails || { status=1; break; }
    done
    for process in "${load[@]}"; do wait "$process" || { echo "a load ended with exit code $?"; status=1; }; done
    after=$(soak_memory "$dpvs")
    if grep -hE 'Socket errors|Non-2xx' "$directory/wrk.txt"; then status=1; fi
    [ $muted = 0 ] || allowed=$SOAK_SILENT_MILLIS
    longest=$(awk '/longest-gap/ { if ($8 > longest) longest = $8 } END { print longest + 0 }' "$directory/stream.txt")
    [ "$(grep -c longest-gap "$directory/stream.txt")" = 16 ] || { echo "the stream of datagrams reported nothing"; status=1; }
    [ "$longest" -le $allowed ] || { echo "a datagram stream waited $longest ms"; status=1; }
    soak_end
    printf '%s %s: %d cables failed, %d of them silently; last frame on a pulled cable after %s, on a silent one after %s; %s requests; longest wait of a datagram stream %d ms; %d KiB resident\n' \
        "$([ $status = 0 ] && echo passed || echo FAILED)" "$name" $round $muted "$(soak_spread "${pulled[@]}")" "$(soak_spread "${silent[@]}")" \
        "$(awk '/requests in/ { print $1 }' "$directory/wrk.txt")" "$longest" "$after"
    return $status
}

soak_bond_services() {                              # uses soak_bond's names
    local service
    for service in "-t $vip:5201" "-u $vip:5300"; do
        bin/ipvsadm -A $service -s rr && bin/ipvsadm --add-laddr -z "$lip" $service -F "$lan" &&
            bin/ipvsadm -a $service -r "$net.1:${service##*:}" -b || return 1
    done
}

# One cable, pulled or muted, and back; silence is noticed by LACP only, and by a slow switch after 90 s.
soak_cable_fails() {                                # uses soak_bond's names
    local cables=(lan:bond1:dpdk0 lan:bond1:dpdk1 wan:bond2:dpdk2 wan:bond2:dpdk3) host bond device
    IFS=: read -r host bond device <<< "${cables[RANDOM % 4]}"
    if [ "$aggregate" = lacp ] && [ $((RANDOM % 4)) = 0 ]; then
        muted=$((muted + 1))
        soak_last_frame silent $SOAK_LAST_SILENT_MILLIS $SOAK_WATCH_SILENT_SECONDS lab/lab mute "$id" "$host" "$device" &&
            soak_settle "$bond" 1 && lab_unmute "$id" "$host" "$device" || return 1
    else
        soak_last_frame pulled $SOAK_LAST_PULLED_MILLIS $SOAK_WATCH_PULLED_SECONDS lab/lab pull "$id" "$host" "$device" &&
            soak_settle "$bond" 1 && lab_plug "$id" "$host" "$device" || return 1
    fi
    soak_settle "$bond" "$(soak_active)" && sleep 0.$((RANDOM % 9 + 1))
}

# Lets a cable fail and notes when its slave had its last frame, if that had any: a backup has none.
soak_last_frame() {                                 # FIGURES LIMIT SECONDS COMMAND... ; uses its caller's names
    local -n figures=$1
    local limit=$2 seconds=$3 said millis
    shift 3
    said=$(lab_exec "$id" dpvs python3 e2e/src/test/scripts/last-frame.py "$device" "$seconds" "$@") || return 1
    millis=${said#last frame after } millis=${millis%% *}
    [[ $said == *" 0 frames" ]] || figures+=("$millis")
    [ "$millis" -le "$limit" ] || { echo "frames went on into $device for $millis ms ($said)"; return 1; }
}

# The median and the greatest of some figures in milliseconds.
soak_spread() {                                     # [MILLIS...]
    [ $# -gt 0 ] || { echo "(none)"; return; }
    printf '%s\n' "$@" | sort -n | awk '{ all[NR] = $1 } END { printf "%d ms (median; at most %d)", all[int((NR + 1) / 2)], all[NR] }'
}

soak_active() { if [ "$mode" = 1 ]; then echo 1; else echo 2; fi; }

soak_settle() {                                     # BOND ACTIVE
    local until=$((SECONDS + SOAK_SETTLE_SECONDS))
    until bin/dpip link show "$1" status 2> /dev/null | grep -q "ative/slaves $2/2 "; do
        [ $SECONDS -lt $until ] || { echo "$1 has not $2 active slaves within $SOAK_SETTLE_SECONDS s:"; bin/dpip link show "$1" status; return 1; }
        sleep 0.1
    done
}
