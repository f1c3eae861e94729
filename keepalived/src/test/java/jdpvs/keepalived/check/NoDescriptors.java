package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** While it is open this process can open nothing more: no file, no socket, no program. Another program makes it so and ends it, for this one could not start one to end it. */
final class NoDescriptors implements AutoCloseable {
    private final Process keeper;
    private final BufferedReader said;

    NoDescriptors() throws IOException {
        String limit = "prlimit --pid " + ProcessHandle.current().pid() + " --nofile=";
        keeper = new ProcessBuilder(
                        "sh", "-c", limit + "3: && echo taken && read line; " + limit + softLimit() + ": && echo given")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        said = keeper.inputReader();
        assertThat(said.readLine()).isEqualTo("taken");
    }

    private static String softLimit() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+")[3])
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        keeper.outputWriter().close();
        assertThat(said.readLine()).isEqualTo("given");
    }
}
