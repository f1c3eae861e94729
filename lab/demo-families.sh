# ./demo ipv6 | nat64 | nat46: full-NAT with IPv6 on one side or both, on two bonds by LACP, command by command as in the how-to's sections 3 and 4. Sourced by demo, which
# has set demo.

heading "The network"
. "$home/lab/families.sh"
family_names "$demo"

stage_picture() {
    cat <<PICTURE

    client           gateway                          switch         balancer         switch               servers
    2408::1 ──────── 2408::254    2001::1 ─────────── wan ══ dpdk2            dpdk0 ══ lan ──┬── rs1 2407::1 192.168.229.1 nginx
    172.16.0.1       172.16.0.254 10.0.96.254             ══ dpdk3   [ dpvs ] dpdk1 ══       │
                                                          bond2: VIP     bond1: LIP          └── rs2 2407::2 192.168.229.2 nginx
    VIP $vip, LIP $lip

PICTURE
}
stage_lab="--topology bond --aggregate lacp --ipv6" stage_nginx=--ipv6 stage_trust=$lip stage_conf=bond.conf
if [ "$demo" = nat64 ]; then
    note "nginx on the servers gets the module of toa/nginx, which is built when it is not there for this nginx."
    lab_nginx_module > /dev/null || fail "the module of nginx could not be built"
    stage_nginx="--ipv6 --toa"
fi
stage_network
note "Both switches are Open vSwitch: each offers its two cables to dpvs as one, by LACP. How cables fail, ./demo bond shows."

heading "Starting dpvs"
stage_dpvs
settles bond1 2 10
settles bond2 2 10
balancer 'dpip link show'
expect ': bond1: socket 0 mtu 1500' "dpip link show does not list bond1"
expect ': bond2: socket 0 mtu 1500' "dpip link show does not list bond2"

heading "The how-to's commands"
note "The VIP on bond2 (WAN), and routes there"
case $demo in
    nat46)
        balancer "dpip addr add $vip/32 dev bond2"
        balancer "dpip route add 10.0.96.0/24 dev bond2"
        balancer "dpip route add default via 10.0.96.254 dev bond2"
        ;;
    *)
        balancer "dpip addr add $vip/128 dev bond2"
        balancer "dpip route -6 add 2001::/64 dev bond2"
        balancer "dpip route -6 add default via 2001::1 dev bond2"
        ;;
esac
note "To the servers"
case $demo in
    nat64) balancer "dpip route add 192.168.229.0/24 dev bond1" ;;
    *) balancer "dpip route -6 add 2407::/64 dev bond1" ;;
esac
note "A service with both servers in full-NAT, and a local address on bond1 (LAN)"
balancer "ipvsadm -A -t $url:80 -s rr"
balancer "ipvsadm -a -t $url:80 -r $server1:80 -b"
balancer "ipvsadm -a -t $url:80 -r $server2:80 -b"
balancer "ipvsadm --add-laddr -z $lip -t $url:80 -F bond1"
note "An IPv6 address is ours a second later, when nobody has claimed it (duplicate address detection)"
sleep 1.5
note "What we have now"
balancer 'dpip addr show'
expect "$vip/(128|32) scope global bond2" "the VIP is missing"
expect "$lip/(128|32) scope global bond1" "the local address is missing"
balancer 'dpip route show'
balancer 'dpip route -6 show'
balancer 'ipvsadm -Ln'
expect "80 rr" "the service is missing"
balancer 'ipvsadm -G'

heading "The how-to's test, from the client"
case $demo in
    nat46) client "ping -c2 -i0.3 $vip" ;;
    *) client "ping -6 -c2 -i0.3 $vip" ;;
esac
expect ' 2 received' "the VIP did not answer both pings"
for server in rs1 rs2; do
    client "curl -g \"http://$url\""
    expect "This is $server" "$server did not answer"
    [ -z "$cgroup" ] ||
        expect "Your IP and port is \[(::ffff:)?$seen\]:[0-9]+" "the server did not see the client's address $seen"
done
if [ -n "$cgroup" ]; then
    note "nginx listens on [::]:80 and sees the client's own address, whatever the servers' family: it travels in TCP option 254."
else
    note "The servers see the balancer's local address, because their agent is missing here."
fi

[ "$demo" != nat64 ] || . "$home/lab/demo-nat64-module.sh"

heading "What happened on the way"
balancer 'ipvsadm -lnc'
expect "$seen" "no connection of the client is listed"
balancer 'ipvsadm -ln --stats'
balancer 'dpip neigh show'
balancer 'dpvsctl drops -z'

if [ -n "$keep" ]; then
    heading "Left running"
    printf 'export DPVS_IPC_FILE=%s    (then bin/ipvsadm -ln, bin/dpvsctl drops, ...)\nip netns exec %s curl -g http://%s/\nTake it down: lab/lab down %s\n' \
        "$DPVS_IPC_FILE" "$(lab_ns "$id" client)" "$url" "$id"
    trap - EXIT INT TERM HUP
    disown "$dpvs"
    exit 0
fi

heading "The end"
stage_end
