# One combination of ./soak families. A library for bash, on top of soak.sh and families.sh.

# What one transfer may take; a gigabyte needs a tenth of it.
SOAK_TRANSFER_SECONDS=200

# soak_family ID WAY WORKERS FILE SHA256 : the file from a server and to a server, in one connection each.
soak_family() {
    local id=$1 way=$2 workers=$3 file=$4 sum=$5
    local directory dpvs before after down up began status=0
    local vip lip rs1 rs2 seen url server1 server2
    lab_up "$id" --ipv6 --owner $$ && family_names "$way" || return 1
    directory=$(lab_dir "$id")
    lab_nginx "$id" rs1 --ipv6 && lab_nginx "$id" rs2 --ipv6 || return 1
    ln -s "$file" "$directory/rs1/files/large" && ln -s "$file" "$directory/rs2/files/large" || return 1
    dpvs_conf dpdk0 dpdk2 > "$directory/dpvs.conf"
    soak_dpvs
    { family_network dpdk2 dpdk0 && family_service dpdk0 80 && family_service dpdk0 9000; } ||
        { echo "FAILED $way, $workers worker(s): the set-up was refused"; return 1; }
    # Until nobody has claimed the addresses of IPv6, and the neighbours are known.
    for _ in {1..50}; do lab_exec "$id" client curl -gsS --max-time 2 "http://$url/" > /dev/null 2>&1 && break; sleep 0.1; done
    before=$(soak_memory "$dpvs")

    began=$SECONDS
    lab_exec "$id" client curl -gsS --max-time $SOAK_TRANSFER_SECONDS "http://$url/files/large" | sha256sum > "$directory/down"
    soak_same "$directory/down" "download"
    down=$((SECONDS - began)) began=$SECONDS
    soak_upload
    up=$((SECONDS - began))

    after=$(soak_memory "$dpvs")
    for defect in flow-collision bad-ip-length icmp-untranslatable; do
        [ "$(soak_drops $defect)" = 0 ] || { echo "frames were dropped as $defect"; status=1; }
    done
    soak_end
    printf '%s %s, %d worker(s): %d bytes in %d s from a server, in %d s to one, %d KiB resident\n' \
        "$([ $status = 0 ] && echo passed || echo FAILED)" "$way" "$workers" "$(stat -c %s "$file")" $down $up "$after"
    return $status
}

# Both servers listen, for either may be chosen; one gets it all.
soak_upload() {                                     # uses soak_family's names
    local server version=4 sinks=()
    case $rs1 in *:*) version=6 ;; esac
    for server in rs1 rs2; do
        lab_exec "$id" $server timeout $SOAK_TRANSFER_SECONDS socat -u TCP$version-LISTEN:9000,reuseaddr - > "$directory/$server.received" &
        sinks+=($!)
    done
    sleep 0.5
    case $vip in *:*) version=6 ;; *) version=4 ;; esac
    if lab_exec "$id" client timeout $SOAK_TRANSFER_SECONDS socat -u "OPEN:$file" "TCP$version:$url:9000"; then
        wait -n "${sinks[@]}"
    else
        echo "the upload failed"
        status=1
    fi
    kill "${sinks[@]}" 2> /dev/null
    wait "${sinks[@]}" 2> /dev/null
    cat "$directory"/rs[12].received | sha256sum > "$directory/up"
    soak_same "$directory/up" "upload"
}

soak_same() { [ "$(< "$1")" = "$sum" ] || { echo "the $2 differs"; status=1; }; }
