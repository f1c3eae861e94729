/*
 * The variables $toa_remote_addr and $toa_remote_port of requests.
 *
 * An IPv6 client that reached an IPv4 socket through NAT64 is told by getsockopt(IPPROTO_IP, 4096) on that socket, which eBPF programs (toa load) or a
 * kernel module answer:
 *
 *      0               16      18      20
 *     +---------------+-------+-------+
 *     | IPv6 address  | port  | zero  |      address and port in network order
 *     +---------------+-------+-------+
 *
 * Every other socket has no such answer (ENOPROTOOPT and the like), and the variables are "-".
 */
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#define NGX_TOA_CLIENT 4096

typedef enum { NGX_TOA_ADDRESS, NGX_TOA_PORT } ngx_toa_part_e;

typedef struct {
    struct in6_addr address;
    in_port_t port;
    uint16_t zero;
} ngx_toa_client_t;

static const struct {
    ngx_str_t name;
    ngx_toa_part_e part;
} ngx_toa_variables[] = {
    { ngx_string("toa_remote_addr"), NGX_TOA_ADDRESS },
    { ngx_string("toa_remote_port"), NGX_TOA_PORT },
};

#define NGX_TOA_VARIABLES (sizeof(ngx_toa_variables) / sizeof(ngx_toa_variables[0]))

/*
 * Sets a variable's value; its text is of the request's pool. The kernel is asked for every request: nginx keeps a value for one request, so none can see the
 * client of another one's connection.
 */
static ngx_int_t
ngx_http_toa_get(ngx_http_request_t *request, ngx_http_variable_value_t *value, uintptr_t part)
{
    ngx_toa_client_t client;
    socklen_t length = sizeof(client);
    u_char *text = ngx_pnalloc(request->pool, NGX_INET6_ADDRSTRLEN);

    if (text == NULL) {
        return NGX_ERROR;
    }
    value->data = text;
    value->valid = 1;
    value->no_cacheable = 0;
    value->not_found = 0;

    if (getsockopt(request->connection->fd, IPPROTO_IP, NGX_TOA_CLIENT, &client, &length) != 0
        || length < offsetof(ngx_toa_client_t, zero))
    {
        *text = '-';
        value->len = 1;
    } else if (part == NGX_TOA_PORT) {
        value->len = ngx_sprintf(text, "%ui", (ngx_uint_t) ntohs(client.port)) - text;
    } else {
        value->len = ngx_inet6_ntop(client.address.s6_addr, text, NGX_INET6_ADDRSTRLEN);
    }
    return NGX_OK;
}

static ngx_int_t
ngx_http_toa_add_variables(ngx_conf_t *cf)
{
    for (ngx_uint_t i = 0; i < NGX_TOA_VARIABLES; i++) {
        ngx_str_t name = ngx_toa_variables[i].name;
        ngx_http_variable_t *variable = ngx_http_add_variable(cf, &name, 0);

        if (variable == NULL) {
            return NGX_ERROR;
        }
        variable->get_handler = ngx_http_toa_get;
        variable->data = ngx_toa_variables[i].part;
    }
    return NGX_OK;
}

static ngx_http_module_t ngx_http_toa_context = {
    .preconfiguration = ngx_http_toa_add_variables,
};

ngx_module_t ngx_http_toa_module = {
    NGX_MODULE_V1,
    .ctx = &ngx_http_toa_context,
    .type = NGX_HTTP_MODULE,
};
