package jdpvs.control;

/**
 * The resources of the control API, HTTP/1.1 over a UNIX stream socket.
 *
 * <pre>
 * method path             query                       answer
 * POST   /v1/transaction                              body: list of {@link Change}; 200 {} when all were applied
 * GET    /v1/status                                   {@link Views.Status}
 * GET    /v1/links                                    list of {@link Views.Link}
 * GET    /v1/addresses    workers=true                list of {@link Views.Address}
 * GET    /v1/routes       family=inet|inet6           list of {@link Views.Route}
 * GET    /v1/neighbours                               list of {@link Views.Neighbour}
 * GET    /v1/services     [protocol= address= port=]  list of {@link Views.Service}, with a query none or one
 * GET    /v1/connections                              one {@link Views.Connection} a line (application/x-ndjson), streamed
 * GET    /v1/ports        limit=                      list of {@link Views.PortUse}
 * GET    /v1/drops                                    list of {@link Views.Drop}
 * GET    /v1/ipv6                                     list of {@link Views.Ipv6Counter}
 * POST   /v1/trace                                    body: {@link Traces.Question}; {@link Traces.Trace}
 * POST   /v1/explain                                  body: a capture file; one {@link Traces.Explained} a line, streamed, then an
 *                                                     {@link ErrorReply} when the file ends in a defect
 * GET    /v1/watch        device= filter= snaplen= follow=true
 *                                                     one {@link PacketEvent} a line (application/x-ndjson), until the client closes
 * GET    /v1/events                                   one {@link Event} a line (application/x-ndjson), at least each second, until either
 *                                                     side goes
 * POST   /v1/keepalived                               body: {@link KeepalivedReport}; 200 {}
 * GET    /v1/keepalived                               list of {@link Views.Keepalived}, one of each part
 * POST   /v1/command                                  {@link CommandStream}
 * </pre>
 *
 * <p>A refusal is an {@link ErrorReply} with status 409 (the balancer refused), 400 (the request is malformed), 404 or 405.
 */
public final class ControlPaths {
    public static final String TRANSACTION = "/v1/transaction";
    public static final String STATUS = "/v1/status";
    public static final String LINKS = "/v1/links";
    public static final String ADDRESSES = "/v1/addresses";
    public static final String ROUTES = "/v1/routes";
    public static final String NEIGHBOURS = "/v1/neighbours";
    public static final String SERVICES = "/v1/services";
    public static final String CONNECTIONS = "/v1/connections";
    public static final String PORTS = "/v1/ports";
    public static final String DROPS = "/v1/drops";
    public static final String IPV6 = "/v1/ipv6";
    public static final String TRACE = "/v1/trace";
    public static final String EXPLAIN = "/v1/explain";
    public static final String WATCH = "/v1/watch";
    public static final String EVENTS = "/v1/events";
    public static final String KEEPALIVED = "/v1/keepalived";
    public static final String COMMAND = "/v1/command";

    /** Where the daemon listens unless told otherwise (facts: cli §1). */
    public static final String DEFAULT_SOCKET = "/var/run/dpvs.ipc";
    /** Environment variable of the tools that chooses another daemon. */
    public static final String SOCKET_VARIABLE = "DPVS_IPC_FILE";

    public static final String JSON = "application/json";
    public static final String JSON_LINES = "application/x-ndjson";

    /** Longest body of a transaction, bytes: some 500,000 changes. */
    public static final int TRANSACTION_LIMIT_BYTES = 128 << 20;

    /** Longest question of a trace, bytes. */
    public static final int QUESTION_LIMIT_BYTES = 64 << 10;

    /** Longest report, bytes: some 100,000 checks. */
    public static final int REPORT_LIMIT_BYTES = 32 << 20;

    private ControlPaths() {}
}
