package jdpvs.command;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The tools as {@link ToolProvider}s for a launcher that found no daemon: usage, versions and errors of grammar come out as ever, everything else says
 * that the daemon is unreachable, for the reason in the system property {@value #REASON_PROPERTY}.
 */
public abstract sealed class OfflineTool implements ToolProvider {
    /** Set by the launcher to what the system said when it tried to connect. */
    public static final String REASON_PROPERTY = "jdpvs.unreachable";

    private final String name;

    private OfflineTool(String name) {
        this.name = name;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final int run(PrintWriter out, PrintWriter error, String... words) {
        Tool tool = Tools.named(name);
        if (tool == null) {
            throw new IllegalStateException(name);
        }
        String reason = System.getProperty(REASON_PROPERTY, "No such file or directory");
        return tool.run(
                List.of(words),
                new Console(
                        InputStream.nullInputStream(),
                        OutputStream.nullOutputStream(),
                        out,
                        error,
                        new UnreachableControl(reason)));
    }

    public static final class Dpip extends OfflineTool {
        public Dpip() {
            super("dpip");
        }
    }

    public static final class Ipvsadm extends OfflineTool {
        public Ipvsadm() {
            super("ipvsadm");
        }
    }

    public static final class IpvsadmSave extends OfflineTool {
        public IpvsadmSave() {
            super("ipvsadm-save");
        }
    }

    public static final class IpvsadmRestore extends OfflineTool {
        public IpvsadmRestore() {
            super("ipvsadm-restore");
        }
    }

    public static final class Dpvsctl extends OfflineTool {
        public Dpvsctl() {
            super("dpvsctl");
        }
    }
}
