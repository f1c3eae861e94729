package jdpvs.daemon.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import jdpvs.command.CommandService;
import jdpvs.control.CommandStream;
import jdpvs.control.Control;
import jdpvs.control.ControlHandler;
import jdpvs.control.ControlJson;
import jdpvs.control.ControlPaths;
import jdpvs.control.ErrorCode;
import jdpvs.control.ErrorReply;
import jdpvs.daemon.start.Version;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands requests to the control API: commands as text to the tools, the rest to {@link ControlHandler}. Root only. */
final class RequestHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger("CTRL");

    private final Supplier<Control> control;
    private final String version = Version.current().own();

    RequestHandler(Supplier<Control> control) {
        this.control = control;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            serve(request, response);
            callback.succeeded();
        } catch (IOException e) {
            // The client is gone; that is its right.
            LOG.debug("request {} ended: {}", request.getHttpURI(), e.getMessage());
            callback.failed(e);
        } catch (CompletionException e) {
            // The start did not succeed, or the end has come, while the request waited.
            LOG.debug("request {} came too late: {}", request.getHttpURI(), e.getMessage());
            callback.failed(e);
        } catch (RuntimeException e) {
            LOG.error("defect while answering {}; please report it", request.getHttpURI(), e);
            callback.failed(e);
        }
        return true;
    }

    private void serve(Request request, Response response) throws IOException {
        Peer peer = peer(request);
        if (!peer.isRoot()) {
            refuse(request, response, 403, "the control socket answers root only, not uid " + peer.uid());
            return;
        }
        String path = Request.getPathInContext(request);
        InputStream body = Content.Source.asInputStream(request);
        if (path.equals(ControlPaths.COMMAND)) {
            command(request, response, peer, body);
            return;
        }
        new ControlHandler(new AuditedControl(control.get(), peer))
                .handle(request.getMethod(), path, request.getHttpURI().getQuery(), body, (status, type) -> {
                    response.setStatus(status);
                    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
                    return Content.Sink.asOutputStream(response);
                });
    }

    private void command(Request request, Response response, Peer peer, InputStream body) throws IOException {
        if (!request.getMethod().equals("POST")) {
            refuse(request, response, 405, "this resource answers POST only");
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, CommandStream.CONTENT_TYPE);
        response.getHeaders().put(CommandStream.VERSION_HEADER, version);
        OutputStream out = Content.Sink.asOutputStream(response);
        try {
            AuditedControl audited = new AuditedControl(control.get(), peer);
            CommandService.serve(body, out, audited, command -> audited.command(command.tool(), command.words()));
            out.close();
        } catch (ControlJson.JsonException e) {
            refuse(request, response, 400, String.valueOf(e.getMessage()));
        }
    }

    /** A tool prints what it gets as a sentence; whoever speaks to the API gets JSON. */
    private static void refuse(Request request, Response response, int status, String sentence) throws IOException {
        response.setStatus(status);
        if (Request.getPathInContext(request).equals(ControlPaths.COMMAND)) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
            try (OutputStream out = Content.Sink.asOutputStream(response)) {
                out.write(sentence.getBytes(StandardCharsets.UTF_8));
            }
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, ControlPaths.JSON);
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            out.write(ControlJson.write(new ErrorReply(ErrorCode.INVALID, sentence, -1)));
        }
    }

    private static Peer peer(Request request) throws IOException {
        if (request.getConnectionMetaData().getConnection().getEndPoint() instanceof SocketChannelEndPoint endPoint) {
            return Peer.of(endPoint.getChannel());
        }
        throw new IOException("not a socket");
    }
}
