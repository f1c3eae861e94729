package jdpvs.launcher;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Without a daemon: the tools themselves, found as {@link ToolProvider}s, print usage, versions, errors of grammar, or that nobody answers. Their modules
 * are not on the launcher's own module path, because even looking at them would cost every command that has a daemon.
 */
final class Offline {
    /** Directory of the jars that hold the tools. */
    private static final String LIBRARY_PROPERTY = "jdpvs.library";
    /** The tools read the reason here. */
    private static final String REASON_PROPERTY = "jdpvs.unreachable";

    private static final String TOOLS_MODULE = "jdpvs.command";

    private Offline() {}

    static int run(String tool, String[] words, String reason, OutputStream out, OutputStream error) {
        System.setProperty(REASON_PROPERTY, reason);
        PrintStream printed = new PrintStream(out, false, StandardCharsets.UTF_8);
        PrintStream errors = new PrintStream(error, false, StandardCharsets.UTF_8);
        ToolProvider provider = find(tool);
        int code;
        if (provider == null) {
            errors.print(tool + ": no running dpvs answers (" + reason + ") and its tools are not installed here\n");
            code = 2;
        } else {
            code = provider.run(printed, errors, words);
        }
        printed.flush();
        errors.flush();
        return code;
    }

    private static @Nullable ToolProvider find(String tool) {
        for (ToolProvider provider : providers()) {
            if (provider.name().equals(tool)) {
                return provider;
            }
        }
        return null;
    }

    private static Iterable<ToolProvider> providers() {
        Offline.class.getModule().addUses(ToolProvider.class);
        String library = System.getProperty(LIBRARY_PROPERTY);
        if (library == null) {
            return ServiceLoader.load(ToolProvider.class);
        }
        Configuration configuration = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(Path.of(library)), ModuleFinder.of(), Set.of(TOOLS_MODULE));
        ModuleLayer layer =
                ModuleLayer.boot().defineModulesWithOneLoader(configuration, ClassLoader.getSystemClassLoader());
        return ServiceLoader.load(layer, ToolProvider.class);
    }
}
