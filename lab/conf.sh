# The dpvs.conf of long runs and benchmarks. A library for bash.

# dpvs_conf DEVICE|BOND=MODE:SLAVE,SLAVE... : a dpvs.conf for $workers workers.
dpvs_conf() {
    local word device worker slaves
    echo "global_defs { "; echo "log_level WARNING"; echo "}"
    echo "netif_defs {"
    for word; do
        slaves=${word#*:}
        for device in ${slaves//,/ }; do
            printf '<init> device %s {\nrx {\nqueue_number %d\n}\ntx {\nqueue_number %d\n}\n}\n' "$device" "$workers" "$workers"
        done
    done
    for word; do
        case $word in *=*) dpvs_conf_bond "$word" ;; esac
    done
    printf '}\nworker_defs {\n<init> worker cpu0 {\ntype master\ncpu_id 0\n}\n'
    for ((worker = 1; worker <= workers; worker++)); do
        printf '<init> worker cpu%d {\ntype slave\ncpu_id %d\n' "$worker" "$worker"
        for word; do printf 'port %s {\nrx_queue_ids %d\ntx_queue_ids %d\n}\n' "${word%%=*}" $((worker - 1)) $((worker - 1)); done
        printf '}\n'
    done
    printf '}\nipvs_defs {\nconn {\n<init> conn_pool_size 262144\n}\nudp {\ntimeout {\noneway 5\nnormal 5\n}\n}\n}\n'
}

dpvs_conf_bond() {                                  # BOND=MODE:SLAVE,SLAVE...; the first slave is the primary
    local slaves=${1#*:} mode=${1#*=}
    printf '<init> bonding %s {\nmode %d\n' "${1%%=*}" "${mode%%:*}"
    printf 'slave %s\n' ${slaves//,/ }
    printf '}\n'
}
