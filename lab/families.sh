# The addresses of a network with two families (lab_up --ipv6), as in the how-to's sections 3 and 4. A library for bash.

# family_names ipv6|nat64|nat46 : sets vip, lip, rs1, rs2, seen (the client), and how the VIP and the servers are written before a port: url, server1, server2.
family_names() {
    case $1 in
        ipv6) vip=2001::201 lip=2407::201 rs1=2407::1 rs2=2407::2 seen=2408::1 ;;
        nat64) vip=2001::201 lip=192.168.229.201 rs1=192.168.229.1 rs2=192.168.229.2 seen=2408::1 ;;
        nat46) vip=10.0.96.204 lip=2407::201 rs1=2407::1 rs2=2407::2 seen=172.16.0.1 ;;
        *) echo "families: no way '$1'" >&2; return 1 ;;
    esac
    url=$(family_bracketed "$vip") server1=$(family_bracketed "$rs1") server2=$(family_bracketed "$rs2")
}

family_bracketed() { case $1 in *:*) echo "[$1]" ;; *) echo "$1" ;; esac; }

# family_network WAN LAN : types the VIP and the routes, by family_names's names.
family_network() {
    case $vip in
        *:*)
            dpip addr add "$vip/128" dev "$1" && dpip route -6 add 2001::/64 dev "$1" && dpip route -6 add default via 2001::1 dev "$1" ;;
        *) dpip addr add "$vip/32" dev "$1" && dpip route add 10.0.96.0/24 dev "$1" && dpip route add default via 10.0.96.254 dev "$1" ;;
    esac && case $rs1 in
        *:*) dpip route -6 add 2407::/64 dev "$2" ;;
        *) dpip route add 192.168.229.0/24 dev "$2" ;;
    esac
}

# family_service LAN PORT : a TCP service with both servers.
family_service() {
    ipvsadm -A -t "$url:$2" -s rr && ipvsadm --add-laddr -z "$lip" -t "$url:$2" -F "$1" &&
        ipvsadm -a -t "$url:$2" -r "$server1:$2" -b && ipvsadm -a -t "$url:$2" -r "$server2:$2" -b
}
