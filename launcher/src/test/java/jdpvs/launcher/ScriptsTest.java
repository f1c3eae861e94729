package jdpvs.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of {@code bin/}, in a tree of their own with a java that only tells how it was called. */
class ScriptsTest {
    @TempDir
    private Path directory = Path.of("");

    private Path root = Path.of("");

    private record Ran(int code, String output) {}

    @BeforeEach
    void tree() throws IOException {
        root = directory.resolve("a tree");
        Files.createDirectories(root.resolve("bin"));
        Files.createFile(root.resolve("pom.xml"));
        for (String script : List.of("lib.sh", "dpip", "ipvsadm")) {
            Files.copy(Path.of("../bin").resolve(script), root.resolve("bin").resolve(script));
            assertThat(root.resolve("bin").resolve(script).toFile().setExecutable(true))
                    .isTrue();
        }
    }

    private void build() throws IOException {
        Path library = Files.createDirectories(root.resolve(".build/lib"));
        Files.createFile(library.resolve("jdpvs-launcher-9.jar"));
    }

    private Path jdk(String version) throws IOException {
        Path home = directory.resolve("jdk-" + version);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"x\"\nJAVA_RUNTIME_VERSION=\"" + version + "+1\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.writeString(
                home.resolve("bin/java"), "#!/bin/sh\nfor word; do printf '<%s>' \"$word\"; done\necho\nexit 42\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return home;
    }

    private Ran run(Path javaHome, Path workingDirectory, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
        builder.directory(workingDirectory.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Dnoise");
        builder.environment().put("DPVS_IPC_FILE", directory.resolve("nobody").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }

    @Test
    void wordsAndExitCodeArePassedOnFromAnywhere() throws Exception {
        build();
        Path link = Files.createSymbolicLink(directory.resolve("link to ipvsadm"), root.resolve("bin/ipvsadm"));
        Ran ran = run(jdk("25.0.1"), Path.of("/"), link.toString(), "-A", "two words", "", "*");
        assertThat(ran.code).isEqualTo(42);
        assertThat(ran.output)
                .endsWith("<-m><jdpvs.launcher/jdpvs.launcher.Main><ipvsadm><-A><two words><><*>\n")
                .contains("<-Djdpvs.library=" + root.toRealPath() + "/.build/lib>")
                .doesNotContain("AOTCache");
    }

    /** And when it was made here: the JVM would take that of a copied tree, and then find packages twice. */
    @Test
    void theCacheIsUsedWhenItIsNewerThanTheJar() throws Exception {
        build();
        Path cache = cache(root.toRealPath().toString());
        long later = System.currentTimeMillis() + 60_000;
        assertThat(cache("/opt/before").toFile().setLastModified(later)).isTrue();
        long jarTime = root.resolve(".build/lib/jdpvs-launcher-9.jar").toFile().lastModified();
        assertThat(cache.toFile().setLastModified(jarTime + 5_000)).isTrue();
        String[] command = {root.resolve("bin/dpip").toString(), "-V"};
        assertThat(run(jdk("25.0.1"), root, command).output).contains("<-XX:AOTCache=" + cache.toRealPath() + ">");
        assertThat(cache.toFile().setLastModified(jarTime - 5_000)).isTrue();
        assertThat(run(directory.resolve("jdk-25.0.1"), root, command).output).doesNotContain("AOTCache");
    }

    private Path cache(String madeIn) throws IOException {
        Path directory = Files.createDirectories(root.resolve(".build/aot" + madeIn));
        return Files.writeString(directory.resolve("launcher-25.0.1+1.aot"), "x");
    }

    @Test
    void anOldJavaIsPassedOver() throws Exception {
        build();
        String find = ". bin/lib.sh; find_java; echo \"$JAVA\"";
        Path old = jdk("17.0.2");
        assertThat(run(old, root, "sh", "-c", find, root.resolve("bin/dpip").toString()).output)
                .doesNotContain(old.toString());
        for (String version : List.of("25", "25-ea", "26.0.1", "100.1")) {
            Path home = jdk(version);
            assertThat(run(
                                    home,
                                    root,
                                    "sh",
                                    "-c",
                                    find,
                                    root.resolve("bin/dpip").toString())
                            .output)
                    .isEqualTo(home + "/bin/java\n");
        }
    }

    @Test
    void anUnbuiltTreeSaysHowToBuildIt() throws Exception {
        Ran ran = run(jdk("25.0.1"), root, root.resolve("bin/dpip").toString());
        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.output)
                .isEqualTo("jdpvs is not built yet: run 'mvn -DskipTests package' in " + root.toRealPath() + ".\n");
    }
}
