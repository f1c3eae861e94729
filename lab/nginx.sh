# nginx on a lab's servers. A library for bash, on top of lab.sh.

# lab_nginx ID HOST [PORT] [--cgroup DIR] [--log] [--ipv6] [--toa]: a page that says who answered and whom it saw, and /files/ from the lab's directory for downloads. With a
# control group (a directory of cgroup2) nginx and its sockets belong to that one. With --ipv6 it listens on both families with one
# socket. With --log it writes each request's client down, in the host's access.log. With --toa there is a listener of IPv4 on port 8080 more, whose page and
# toa.log name the client by the module of toa/nginx.
lab_nginx() {
    local id=$1 host=$2 port=80 cgroup= log=off listen= client='$remote_addr' module= load= toa= directory
    shift 2
    while [ $# -gt 0 ]; do
        case $1 in
            --cgroup) cgroup=${2:?--cgroup DIR}; shift 2 ;;
            --log) log=yes; shift ;;
            --toa) module=$(lab_nginx_module) || return 1; shift ;;
            --ipv6) listen='[::]:' client='[$remote_addr]'; shift ;;
            *) port=$1; shift ;;
        esac
    done
    directory=$(lab_dir "$id")/$host
    mkdir -p "$directory/files" "$directory/temp"
    [ "$log" = off ] || log="$directory/access.log client"
    [ -z "$module" ] || { load="load_module $module;" toa=$(lab_nginx_toa "$directory" "$host"); }
    cat > "$directory/nginx.conf" <<CONF
$load
user root;
worker_processes 1;
worker_rlimit_nofile 30000;
pid $directory/nginx.pid;
error_log $directory/error.log;
events { worker_connections 15000; }
http {
    log_format client '\$remote_addr:\$remote_port';
    access_log $log;
    sendfile on;
    keepalive_requests 10000000;
    client_body_temp_path $directory/temp/body;
    proxy_temp_path $directory/temp/proxy;
    fastcgi_temp_path $directory/temp/fastcgi;
    uwsgi_temp_path $directory/temp/uwsgi;
    scgi_temp_path $directory/temp/scgi;
    server {
        listen $listen$port backlog=4096${listen:+ ipv6only=off};
        default_type text/plain;
        location / { return 200 "This is $host.\nYour IP and port is $client:\$remote_port\n"; }
        location /files/ { alias $directory/files/; }
    }
$toa
}
CONF
    lab_nginx_start "$id" "$host" "$directory" "$cgroup" ||
        { lab_fail "nginx does not start on $host; see $directory/error.log"; return 1; }
}

# As in the how-to's section 4.3 and docs/guide/real-server.md.
lab_nginx_toa() {                                   # DIRECTORY HOST
    cat <<CONF
    log_format toa 'toa_remote_addr=\$toa_remote_addr | toa_remote_port=\$toa_remote_port | remote_addr=\$remote_addr | remote_port=\$remote_port';
    server {
        listen 8080;
        access_log $1/toa.log toa;
        default_type text/plain;
        location / {
            return 200 "This is $2.\nYour remote_addr and remote_port is \$remote_addr:\$remote_port\nYour toa_remote_addr and toa_remote_port is [\$toa_remote_addr]:\$toa_remote_port\n";
        }
    }
CONF
}

# Builds nginx's module when it is not there for the nginx that is, and prints its file. Labs that start at the same time take turns.
lab_nginx_module() {
    local home=${LAB_SCRIPT%/*}/.. version directory
    version=$(nginx -v 2>&1)
    directory=$(readlink -f "$home")/.build/nginx-toa-${version##*/}
    mkdir -p "$directory" && flock "$directory" make -s -C "$home/toa/nginx" BUILD="$directory" >&2 ||
        { lab_fail "the module of toa/nginx cannot be built"; return 1; }
    echo "$directory/ngx_http_toa_module.so"
}

# Starts nginx with the directory's nginx.conf. Enters the control group outside the namespace: "ip netns exec" hides the cgroup mounts.
lab_nginx_start() (                                 # ID HOST DIRECTORY [CGROUP]
    if [ -n "${4:-}" ]; then echo "$BASHPID" > "$4/cgroup.procs" || exit 1; fi
    lab_exec "$1" "$2" nginx -q -p "$3" -e "$3/error.log" -c "$3/nginx.conf"
)
