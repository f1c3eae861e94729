/* $toa_remote_addr and $toa_remote_port for stream sessions; see ngx_toa.h. */
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_stream.h>

#include "ngx_toa.h"

static ngx_int_t
ngx_stream_toa_get(ngx_stream_session_t *session, ngx_variable_value_t *value, uintptr_t part)
{
    return ngx_toa_set(session->connection, session->connection->pool, value, (ngx_toa_part_e) part);
}

static ngx_int_t
ngx_stream_toa_add_variables(ngx_conf_t *cf)
{
    for (ngx_uint_t i = 0; i < NGX_TOA_VARIABLES; i++) {
        ngx_str_t name = ngx_toa_variables[i].name;
        ngx_stream_variable_t *variable = ngx_stream_add_variable(cf, &name, 0);

        if (variable == NULL) {
            return NGX_ERROR;
        }
        variable->get_handler = ngx_stream_toa_get;
        variable->data = ngx_toa_variables[i].part;
    }
    return NGX_OK;
}

static ngx_stream_module_t ngx_stream_toa_context = {
    .preconfiguration = ngx_stream_toa_add_variables,
};

ngx_module_t ngx_stream_toa_module = {
    NGX_MODULE_V1,
    .ctx = &ngx_stream_toa_context,
    .type = NGX_STREAM_MODULE,
};
