package jdpvs.launcher;

import java.io.PrintWriter;
import java.util.spi.ToolProvider;

/** Says what it was given; stands for the tools that run without a daemon. */
public final class EchoTool implements ToolProvider {
    @Override
    public String name() {
        return "dpip";
    }

    @Override
    public int run(PrintWriter out, PrintWriter error, String... words) {
        out.print(String.join(" ", words) + "\n");
        error.print(System.getProperty("jdpvs.unreachable") + "\n");
        return 7;
    }
}
