# One combination of the soak's matrix. A library for bash, on top of lab.sh and nginx.sh.

# soak_one ID TOPOLOGY MTU OFFLOAD WORKERS SECONDS
soak_one() {
    local id=$1 topology=$2 mtu=$3 offload=$4 workers=$5 seconds=$6
    local directory vip=10.0.96.204 wan lan lip net dpvs before after status=0
    local name="$topology, MTU $mtu, offload $offload, $workers worker(s)"
    lab_up "$id" --topology "$topology" --mtu "$mtu" --offload "$offload" --owner $$ || return 1
    directory=$(lab_dir "$id")
    if [ "$topology" = two-arm ]; then wan=dpdk2 lan=dpdk0 lip=192.168.229.204 net=192.168.229; else wan=eth0 lan=eth0 lip=10.0.96.205 net=10.0.96; fi
    lab_nginx "$id" rs1 && lab_nginx "$id" rs2 || return 1
    head -c 100000000 /dev/urandom > "$directory/rs1/files/large"
    ln "$directory/rs1/files/large" "$directory/rs2/files/large"
    if [ "$wan" = "$lan" ]; then dpvs_conf "$wan"; else dpvs_conf "$lan" "$wan"; fi > "$directory/dpvs.conf"
    soak_dpvs
    dpvs_configure || { echo "FAILED $name: the set-up was refused"; return 1; }

    lab_exec "$id" client wrk -t1 -c64 -d"${seconds}s" "http://$vip/" > "$directory/reused.txt" 2>&1 &
    local reused=$!
    lab_exec "$id" client wrk -t1 -c8 -d"${seconds}s" -H "Connection: close" "http://$vip/" > "$directory/fresh.txt" 2>&1 &
    local fresh=$!
    local until=$((SECONDS + seconds - 8)) round=0 sum sums="$directory/sums"
    sum=$(sha256sum < "$directory/rs1/files/large")
    sleep 5
    before=$(soak_memory "$dpvs")
    while [ $SECONDS -lt $until ]; do
        round=$((round + 1))
        bin/ipvsadm -d -t $vip:80 -r "$net.1:80" && sleep 0.5 && bin/ipvsadm -a -t $vip:80 -r "$net.1:80" -b || status=1
        lab_exec "$id" client curl -sS --max-time 30 "http://$vip/files/large" | sha256sum > "$sums"
        [ "$(< "$sums")" = "$sum" ] || { echo "download $round differs"; status=1; }
        kill -HUP "$dpvs"
        lab_exec "$id" client ping -c3 -i0.2 $vip > /dev/null || { echo "ping $round failed"; status=1; }
    done
    wait "$reused" "$fresh"
    after=$(soak_memory "$dpvs")
    if grep -hE 'Socket errors|Non-2xx' "$directory/reused.txt" "$directory/fresh.txt"; then status=1; fi
    soak_end
    printf '%s %s: %d rounds, %s and %s requests, %d KiB resident\n' "$([ $status = 0 ] && echo passed || echo FAILED)" "$name" $round \
        "$(awk '/requests in/ { print $1 }' "$directory/reused.txt")" "$(awk '/requests in/ { print $1 }' "$directory/fresh.txt")" "$after"
    return $status
}

# Starts dpvs with the directory's dpvs.conf; sets dpvs to its process id.
soak_dpvs() {                                       # uses its caller's id and directory
    export DPVS_IPC_FILE=$directory/dpvs.ipc
    ip netns exec "$(lab_ns "$id" dpvs)" bin/dpvs -c "$directory/dpvs.conf" -p "$directory/dpvs.pid" -x "$DPVS_IPC_FILE" \
        > "$directory/dpvs.log" 2>&1 < /dev/null &
    dpvs=$!
    for _ in {1..100}; do bin/dpip link show > /dev/null 2>&1 && break; sleep 0.1; done
}

# Nothing may be left over, and dpvs ends; sets its caller's status to 1 where something is.
soak_end() {                                        # uses its caller's before, after, dpvs and directory
    [ "$(soak_drops internal-error)" = 0 ] || { echo "frames died of defects"; status=1; }
    [ "$after" -le $((before + 65536)) ] || { echo "memory grew from $before to $after KiB"; status=1; }
    sleep 12
    [ -z "$(bin/ipvsadm -lnc)" ] || { echo "connections are left: $(bin/ipvsadm -lnc | head -3)"; status=1; }
    kill -TERM "$dpvs"
    wait "$dpvs" || { echo "dpvs ended with exit code $?"; status=1; }
    [ $status = 0 ] || tail -n 20 "$directory/dpvs.log"
}

dpvs_configure() {                                  # uses soak_one's names
    bin/dpip addr add $vip/32 dev "$wan" &&
        bin/dpip route add 10.0.96.0/24 dev "$wan" &&
        { [ "$wan" = "$lan" ] || bin/dpip route add 192.168.229.0/24 dev "$lan"; } &&
        bin/dpip route add default via 10.0.96.254 dev "$wan" &&
        bin/ipvsadm -A -t $vip:80 -s wlc &&
        bin/ipvsadm --add-laddr -z "$lip" -t $vip:80 -F "$lan" &&
        bin/ipvsadm -a -t $vip:80 -r "$net.1:80" -b &&
        bin/ipvsadm -a -t $vip:80 -r "$net.2:80" -b
}

soak_memory() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }
soak_drops() { bin/dpvsctl drops | awk -v reason="$1" '$1 == reason { print $2 }'; }
