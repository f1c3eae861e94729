# Programs that demo, test and bench run beside the project itself, and how to get them. A library for bash.

# Debian keeps daemons in the sbin directories, which a user's PATH may lack.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# require_tools PROGRAM[:PACKAGE]... : installs the packages of the programs that are missing (root, apt), or says in one sentence what is missing.
require_tools() {
    local entry missing=() packages=()
    for entry; do
        command -v "${entry%%:*}" > /dev/null || { missing+=("${entry%%:*}"); packages+=("${entry##*:}"); }
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ]; then
        echo "Missing: ${missing[*]}. Install the packages ${packages[*]} (as root this script does it)." >&2
        return 1
    fi
    if ! command -v apt-get > /dev/null; then
        echo "Missing: ${missing[*]}. Install them with your system's package manager (Debian's packages are ${packages[*]})." >&2
        return 1
    fi
    echo "Installing ${packages[*]} ..." >&2
    install_quietly "${packages[@]}" || { echo "Missing: ${missing[*]}, and apt-get could not install ${packages[*]} (see above)." >&2; return 1; }
    hash -r
    for entry in "${missing[@]}"; do
        command -v "$entry" > /dev/null || { echo "Missing: $entry, although its package was installed." >&2; return 1; }
    done
}

# Installs packages without questions and without starting the services they bring: we want the programs only. It fails rather than take the place of a package
# that is there, for example another mail server.
install_quietly() {
    local policy=/usr/sbin/policy-rc.d log status=0
    log=$(mktemp)
    (
        if [ ! -e "$policy" ]; then
            trap 'rm -f "$policy"' EXIT
            trap 'exit 1' INT TERM
            printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy"
        fi
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -y -qq --no-install-recommends --no-remove "$@" ||
            { apt-get update -qq && apt-get install -y -qq --no-install-recommends --no-remove "$@"; }
    ) > "$log" 2>&1 < /dev/null || { status=1; tail -5 "$log" >&2; }
    rm -f "$log"
    return $status
}

# What the tests run.
require_test_tools() {
    require_tools ip:iproute2 tc:iproute2 nstat:iproute2 ping:iputils-ping nsenter:util-linux setpriv:util-linux findmnt:util-linux curl nginx:nginx-light wrk iperf3 tshark tcpdump socat ethtool traceroute python3 \
        hping3 haproxy dnsdist dig:bind9-dnsutils ssh:openssh-client ssh-keygen:openssh-client sshd:openssh-server nft:nftables gcc make /usr/share/nginx/src/configure:nginx-dev ovs-vswitchd:openvswitch-switch keepalived rsyslogd:rsyslog dnsmasq:dnsmasq-base openssl exim4:exim4-daemon-light \
        /usr/lib/frr/zebra:frr /usr/lib/frr/bgpd:frr /usr/lib/frr/ospfd:frr vtysh:frr
}
