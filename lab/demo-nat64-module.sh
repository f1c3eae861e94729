# The how-to's section 4.3: a server that listens on IPv4 only learns an IPv6 client's address by a module of nginx. Sourced by demo-families.sh.

heading "A listener of IPv4, with the nginx module (the how-to's section 4.3)"
note "A socket of IPv4 has no room for an IPv6 address: there \$remote_addr stays the balancer's, and the module's \$toa_remote_addr is the client."
balancer "ipvsadm -A -t $url:8080 -s rr"
balancer "ipvsadm -a -t $url:8080 -r $rs1:8080 -b"
balancer "ipvsadm --add-laddr -z $lip -t $url:8080 -F bond1"
client "curl -g \"http://$url:8080\""
expect "^Your remote_addr and remote_port is $lip:[0-9]+\$" "remote_addr is not the local address"
if [ -n "$cgroup" ]; then
    expect "^Your toa_remote_addr and toa_remote_port is \[$seen\]:[0-9]+\$" "the module did not tell the client's address $seen"
    servers "cat $directory/rs1/toa.log"
    expect "^toa_remote_addr=$seen \| toa_remote_port=[0-9]+ \| remote_addr=$lip \| remote_port=[0-9]+\$" "the module did not log the client's address $seen"
fi

note "A client of IPv4 is \$remote_addr itself; the module has nothing to add"
balancer "dpip addr add 10.0.96.204/32 dev bond2"
balancer "dpip route add 10.0.96.0/24 dev bond2"
balancer "dpip route add default via 10.0.96.254 dev bond2"
balancer "ipvsadm -A -t 10.0.96.204:8080 -s rr"
balancer "ipvsadm -a -t 10.0.96.204:8080 -r $rs1:8080 -b"
balancer "ipvsadm --add-laddr -z $lip -t 10.0.96.204:8080 -F bond1"
client "curl http://10.0.96.204:8080"
[ -z "$cgroup" ] || expect "^Your remote_addr and remote_port is 172.16.0.1:[0-9]+\$" "remote_addr is not the client"
expect "^Your toa_remote_addr and toa_remote_port is \[-\]:-\$" "the module told an IPv6 client that is none"
