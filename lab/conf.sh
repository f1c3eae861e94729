# The dpvs.conf of long runs and benchmarks. A library for bash.

# dpvs_conf DEVICE... : a dpvs.conf for $workers workers.
dpvs_conf() {
    local device worker
    echo "global_defs { "; echo "log_level WARNING"; echo "}"
    echo "netif_defs {"
    for device; do
        printf '<init> device %s {\nrx {\nqueue_number %d\n}\ntx {\nqueue_number %d\n}\n}\n' "$device" "$workers" "$workers"
    done
    printf '}\nworker_defs {\n<init> worker cpu0 {\ntype master\ncpu_id 0\n}\n'
    for ((worker = 1; worker <= workers; worker++)); do
        printf '<init> worker cpu%d {\ntype slave\ncpu_id %d\n' "$worker" "$worker"
        for device; do printf 'port %s {\nrx_queue_ids %d\ntx_queue_ids %d\n}\n' "$device" $((worker - 1)) $((worker - 1)); done
        printf '}\n'
    done
    printf '}\nipvs_defs {\nconn {\n<init> conn_pool_size 262144\n}\n}\n'
}
