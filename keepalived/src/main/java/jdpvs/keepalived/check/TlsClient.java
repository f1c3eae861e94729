package jdpvs.keepalived.check;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS without a look at certificates: a check asks whether a server serves, not who it is. Nothing secret is ever sent. */
final class TlsClient {
    private static final SSLContext CONTEXT = context();

    private TlsClient() {}

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** @param serverName null = none is sent (RFC 6066 §3) */
    static SSLSocket handshake(Socket connected, @Nullable String serverName) throws IOException {
        // By this name the JDK finds a session to resume: one of another server name will not do.
        String address = connected.getInetAddress().getHostAddress();
        String peer = serverName == null ? address : address + "#" + serverName;
        SSLSocket socket =
                (SSLSocket) CONTEXT.getSocketFactory().createSocket(connected, peer, connected.getPort(), false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverName == null ? List.of() : List.<SNIServerName>of(name(serverName)));
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            throw new Unexpected("TLS: " + e.getMessage());
        }
        return socket;
    }

    private static SNIHostName name(String serverName) throws Unexpected {
        try {
            return new SNIHostName(serverName.replaceFirst(":[0-9]+$", ""));
        } catch (IllegalArgumentException _) {
            throw new Unexpected("virtualhost " + Unexpected.quote(serverName) + " is no name for enable_sni");
        }
    }

    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
