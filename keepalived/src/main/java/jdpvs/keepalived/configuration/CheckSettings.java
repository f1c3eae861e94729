package jdpvs.keepalived.configuration;

import java.time.Duration;
import java.util.List;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/** One check of a real server, all defaults resolved (facts: config §11.6). */
public sealed interface CheckSettings {
    Timing timing();

    /** As the file names it, for example TCP_CHECK. */
    String keyword();

    /**
     * @param interval {@code delay_loop}
     * @param retries further attempts before a failure counts
     * @param retryDelay before each of them
     * @param warmup the first check comes at a random time within it
     * @param alpha down until the first success; else up until the first failure
     */
    record Timing(
            Duration interval,
            int retries,
            Duration retryDelay,
            Duration warmup,
            Duration connectTimeout,
            boolean alpha,
            boolean logAllFailures) {}

    /**
     * Where a check connects to, and from.
     *
     * @param source null = any
     * @param sourcePort 0 = any
     * @param sourceInterface null = as routed
     * @param mark 0 = none
     */
    record Target(
            Endpoint destination,
            @Nullable IpAddress source,
            int sourcePort,
            @Nullable String sourceInterface,
            int mark) {}

    record Tcp(Timing timing, Target target) implements CheckSettings {
        @Override
        public String keyword() {
            return "TCP_CHECK";
        }
    }

    /**
     * @param tls SSL_GET
     * @param urls asked in turn, one each interval; at least one
     * @param version {@code 1.0}, {@code 1.0C} (1.0 with Connection: close) or {@code 1.1}
     * @param serverName {@code enable_sni}
     * @param fastRecovery after a failure all urls are asked at once
     * @param proxyProtocol {@code v1} or {@code v2} when the service has it: a preamble goes first; null = none
     */
    record Http(
            Timing timing,
            Target target,
            boolean tls,
            List<Url> urls,
            String version,
            boolean serverName,
            boolean fastRecovery,
            @Nullable String proxyProtocol)
            implements CheckSettings {
        public Http {
            urls = List.copyOf(urls);
        }

        @Override
        public String keyword() {
            return tls ? "SSL_GET" : "HTTP_GET";
        }

        /**
         * @param statusCodes ranges that count as success, each {from, to}; 200-299 unless written
         * @param digest MD5 of the body in lower-case hexadecimal; null = any
         * @param host the Host header; null = the address
         * @param regex on the body; null = any
         * @param regexAbsent {@code regex_no_match}
         * @param regexFlags of {@link java.util.regex.Pattern}
         * @param regexMinimumOffset where a match may begin at the earliest
         * @param regexMaximumOffset where a match may begin at the latest; -1 = anywhere
         */
        public record Url(
                String path,
                List<Range> statusCodes,
                @Nullable String digest,
                @Nullable String host,
                @Nullable String regex,
                boolean regexAbsent,
                int regexFlags,
                int regexMinimumOffset,
                int regexMaximumOffset) {
            public Url {
                statusCodes = List.copyOf(statusCodes);
            }
        }

        public record Range(int from, int to) {}
    }

    /** @param greeting the name in HELO */
    record Smtp(Timing timing, Target target, String greeting) implements CheckSettings {
        @Override
        public String keyword() {
            return "SMTP_CHECK";
        }
    }

    /** @param type the number of the query type (RFC 1035 §3.2.2) */
    record Dns(Timing timing, Target target, int type, String name) implements CheckSettings {
        @Override
        public String keyword() {
            return "DNS_CHECK";
        }
    }

    /**
     * @param payload what is sent; null = random bytes
     * @param replyRequired silence is a failure
     * @param reply how a reply must begin; null = anyhow
     */
    record Udp(
            Timing timing,
            Target target,
            @Nullable String payload,
            boolean replyRequired,
            @Nullable String reply,
            int minimumLength,
            int maximumLength,
            @Nullable String proxyProtocol)
            implements CheckSettings {
        @Override
        public String keyword() {
            return "UDP_CHECK";
        }
    }

    record Ping(Timing timing, Target target) implements CheckSettings {
        @Override
        public String keyword() {
            return "PING_CHECK";
        }
    }

    /** @param dynamic the exit code sets the weight */
    record Misc(Timing timing, Script script, Duration timeout, boolean dynamic) implements CheckSettings {
        @Override
        public String keyword() {
            return "MISC_CHECK";
        }
    }
}
