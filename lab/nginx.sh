# nginx on a lab's servers. A library for bash, on top of lab.sh.

# lab_nginx ID HOST [PORT] [--cgroup DIR]: a page that says who answered and whom it saw, and /files/ from the lab's directory for downloads. With a control
# group (a directory of cgroup2) nginx and its sockets belong to that one.
lab_nginx() {
    local id=$1 host=$2 port=80 cgroup= directory
    shift 2
    while [ $# -gt 0 ]; do
        case $1 in
            --cgroup) cgroup=${2:?--cgroup DIR}; shift 2 ;;
            *) port=$1; shift ;;
        esac
    done
    directory=$(lab_dir "$id")/$host
    mkdir -p "$directory/files" "$directory/temp"
    cat > "$directory/nginx.conf" <<CONF
user root;
worker_processes 1;
worker_rlimit_nofile 30000;
pid $directory/nginx.pid;
error_log $directory/error.log;
events { worker_connections 15000; }
http {
    access_log off;
    sendfile on;
    keepalive_requests 10000000;
    client_body_temp_path $directory/temp/body;
    proxy_temp_path $directory/temp/proxy;
    fastcgi_temp_path $directory/temp/fastcgi;
    uwsgi_temp_path $directory/temp/uwsgi;
    scgi_temp_path $directory/temp/scgi;
    server {
        listen $port backlog=4096;
        default_type text/plain;
        location / { return 200 "This is $host.\nYour IP and port is \$remote_addr:\$remote_port\n"; }
        location /files/ { alias $directory/files/; }
    }
}
CONF
    if [ -n "$cgroup" ]; then set -- lab_exec_in "$cgroup"; else set -- lab_exec; fi
    "$@" "$id" "$host" nginx -q -p "$directory" -e "$directory/error.log" -c "$directory/nginx.conf" ||
        { lab_fail "nginx does not start on $host; see $directory/error.log"; return 1; }
}
