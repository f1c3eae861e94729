package jdpvs.keepalived.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import jdpvs.config.Messages;
import jdpvs.config.SourceReader;
import jdpvs.control.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words, blocks, includes, definitions and conditions (facts: config §9). */
class GrammarTest {
    private static String routerId(String text) {
        return Conf.parse(text).configuration().global().routerId();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "global_defs {\nrouter_id X\n}",
                "global_defs\n{\nrouter_id X\n}",
                "global_defs\n\n# between\n{\nrouter_id X\n}",
                "global_defs { router_id X }",
                "global_defs {router_id X}",
                "global_defs{\nrouter_id X}",
                "\tglobal_defs\t{\r\n\trouter_id\tX\r\n}\r\n",
                "global_defs { router_id X # comment }\n}",
                "global_defs { ! comment\nrouter_id \"X\"! comment\n}",
                "global_defs { router_id 'X' }",
                "global_defs { router_id \"\\x58\" }",
                "global_defs { router_id \"\\130\" }",
                "global_defs { vrrp_version 3 router_id X lvs_flush }",
                "$N=X\nglobal_defs { router_id $N }",
                "$N = X\nglobal_defs { router_id ${N} }",
                "$M=X\n$N=${M}\nglobal_defs { router_id \"$N\" }",
                "$B=\\\nglobal_defs {\\\nrouter_id X\\\n}\n$B",
                "$A=\\\nX\nglobal_defs { router_id $A }",
                "global_defs { ~SEQ(I, 1, 3) $N\n router_id X }",
                "@other global_defs { router_id Y }\n@^other global_defs { router_id X }",
            })
    void formsOfOneStatement(String text) {
        assertThat(routerId(text)).isEqualTo("X");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"a b\" | a b",
                "\"a\\\"b\" | a\"b",
                "\"a\\tb\" | a\tb",
                "\"a#b!c\" | a#b!c",
                "\"a\\\\b\" | a\\b",
                "\"\\d+\" | \\d+",
                "'a \"b\"' | a \"b\"",
                "a{3} | a{3}",
                "${UNDEFINED} | ${UNDEFINED}",
                "a$ | a$",
                "a\\b | a\\b",
                "\"no end | no end",
            })
    void words(String written, String read) {
        assertThat(routerId("global_defs {\nrouter_id " + written + "\n}")).isEqualTo(read);
    }

    @Test
    void conditionsFollowTheIdentity() {
        String text = """
                global_defs {
                    @one router_id first
                    @two router_id second
                    @^one vrrp_version 3
                }
                """;
        assertThat(Conf.parse(text, "one").configuration().global().routerId()).isEqualTo("first");
        assertThat(Conf.parse(text, "two").configuration().global().routerId()).isEqualTo("second");
        assertThat(Conf.parse(text, "").configuration().global().routerId()).isEqualTo("lb1");
        assertThat(Conf.parse(text, "two").flat())
                .isEqualTo("global_defs {\n    router_id second\n    vrrp_version 3\n}\n");
    }

    @Test
    void conditionsCountForAllLinesOfADefinition() {
        String text = """
                @one $ID=\\
                    router_id first\\
                    vrrp_version 3
                @^one $ID=router_id other
                global_defs {
                    $ID
                }
                """;
        assertThat(Conf.parse(text, "one").flat())
                .isEqualTo("global_defs {\n    router_id first\n    vrrp_version 3\n}\n");
        assertThat(Conf.parse(text, "two").flat()).isEqualTo("global_defs {\n    router_id other\n}\n");
        assertThat(Conf.parse(text, "two").messages()).isEmpty();
    }

    @Test
    void commentsWithinWordsAreTold() {
        assertThat(Conf.complaints("global_defs {\n# one\nrouter_id a!b\nrouter_id \"a!b\"# two\n}"))
                .containsExactly(
                        "WARNING 3: '!' within a word begins a comment; put the word in quotes if it belongs to it",
                        "NOTICE 4: router_id stands in line 3 already, the last one counts");
    }

    @Test
    void sequencesRepeatDefinitions() {
        KeepalivedFile.Loaded loaded = Conf.parse("""
                $SERVER=\\
                    real_server 192.0.2.${I} 80 {\\
                        weight ${I}\\
                    }
                virtual_server 10.0.0.1 80 {
                    protocol TCP
                    ~SEQ(I, 10, 5, 25) ${SERVER}
                    ~SEQ(I,2) ~SEQ(J,1,2) real_server 192.0.3.$I$J 80 { }
                }
                """);
        assertThat(loaded.messages()).isEmpty();
        assertThat(loaded.configuration().virtualServers().getFirst().servers())
                .extracting(server ->
                        server.endpoint().address() + " " + server.options().weight())
                .containsExactly(
                        "192.0.2.10 10",
                        "192.0.2.15 15",
                        "192.0.2.20 20",
                        "192.0.2.25 25",
                        "192.0.3.11 1",
                        "192.0.3.12 1",
                        "192.0.3.21 1",
                        "192.0.3.22 1");
    }

    @Test
    void predefinedNames() {
        assertThat(routerId("global_defs { router_id ${_PWD} }"))
                .isEqualTo(Path.of("").toAbsolutePath().toString());
        assertThat(Conf.parse("global_defs { router_id x${_INSTANCE} }", "me")
                        .configuration()
                        .global()
                        .routerId())
                .isEqualTo("xme");
        assertThat(Integer.parseInt(routerId("global_defs { router_id ${_RANDOM 7 9} }")))
                .isBetween(7, 9);
    }

    @Test
    void includesAreRelativeToTheirFileAndSorted(@TempDir Path directory) throws IOException {
        Files.createDirectories(directory.resolve("sub/deeper"));
        Path file = directory.resolve("k.conf");
        Files.writeString(file, "global_defs { router_id X }\ninclude sub/*.conf\n");
        Files.writeString(
                directory.resolve("sub/b.conf"), "virtual_ipaddress { }\nvrrp_script b {\ninclude deeper/script\n}\n");
        Files.writeString(directory.resolve("sub/a.conf"), "vrrp_script a { script /bin/true }\n");
        Files.writeString(directory.resolve("sub/.hidden.conf"), "vrrp_script h { script /bin/true }\n");
        Files.writeString(directory.resolve("sub/deeper/script"), "script /bin/false\n");
        KeepalivedFile.Loaded loaded = KeepalivedFile.load(file, "");
        assertThat(loaded.configuration().scripts())
                .extracting(TrackScript::name)
                .containsExactly("a", "b");
        assertThat(loaded.messages())
                .extracting(Object::toString)
                .containsExactly(directory.resolve("sub/b.conf")
                        + ":1: Unknown keyword 'virtual_ipaddress', its block is skipped");
        assertThat(loaded.flat()).doesNotContain("include");
    }

    /** Patterns may stand for directories too; each stands for names of one directory, as in the shell. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*.conf | a/1.conf a/2.conf b/1.conf c.d/1.conf",
                "?/1.conf | a/1.conf b/1.conf",
                "[b-z]/1.conf | b/1.conf",
                "{a,b}/2.conf | a/2.conf",
                "*.d/deep*/*.conf | c.d/deeper/1.conf",
                "../*/c.d/1.conf | c.d/1.conf",
                ".hidden/*.conf | .hidden/1.conf",
                "a/1.conf | a/1.conf",
                "PATH/[ab]/1.conf | a/1.conf b/1.conf",
            })
    void patternsOfDirectories(String pattern, String found, @TempDir Path temporary) throws IOException {
        Path directory = temporary.resolve("conf");
        for (String file : List.of(
                "a/1.conf", "a/2.conf", "a/2.txt", "b/1.conf", "b/.2.conf", "c.d/1.conf", "c.d/deeper/1.conf")) {
            includable(directory.resolve(file));
        }
        includable(directory.resolve(".hidden/1.conf"));
        // A file where the pattern wants a directory.
        includable(directory.resolve("d"));
        Path file = Files.writeString(
                directory.resolve("k.conf"), "include \"" + pattern.replace("PATH", directory.toString()) + "\"\n");
        KeepalivedFile.Loaded loaded = KeepalivedFile.load(file, "");
        assertThat(loaded.messages()).isEmpty();
        assertThat(loaded.configuration().scripts())
                .extracting(TrackScript::name)
                .containsExactlyElementsOf(Stream.of(found.split(" "))
                        .map(each -> directory.resolve(each).toString())
                        .toList());
    }

    /** It says which one it is. */
    private static void includable(Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "vrrp_script " + file + " { script /bin/true }\n");
    }

    @Test
    void patternsOfDirectoriesThatAreNotThere(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("k.conf"),
                "include */x.conf\ninclude no/*.conf\ninclude k.conf/*\ninclude \"{/x\"\nglobal_defs { router_id X }\n");
        assertThat(Conf.complaints(KeepalivedFile.load(file, "")))
                .containsExactly(
                        "WARNING 1: include */x.conf: no such file, ignored",
                        "WARNING 2: include no/*.conf: no such file, ignored",
                        "WARNING 3: include k.conf/*: no such file, ignored",
                        "ERROR 4: include {/x: not a pattern, ignored");
    }

    @Test
    void includesThatCannotBe(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("k.conf");
        Files.writeString(
                file, "include k.conf\ninclude other\ninclude none\ninclude\ninclude [\nglobal_defs { router_id X }\n");
        Files.writeString(directory.resolve("other"), "include k.conf\n");
        assertThat(Conf.complaints(KeepalivedFile.load(file, "")))
                .containsExactly(
                        "ERROR 1: include " + file + ": this file is being read already, ignored",
                        "ERROR 1: include " + file + ": this file is being read already, ignored",
                        "WARNING 3: include none: no such file, ignored",
                        "ERROR 4: include is missing a parameter: a file name or pattern must follow",
                        "ERROR 5: include [: not a pattern, ignored");
    }

    @Test
    void filesThatCannotBeUsed(@TempDir Path directory) throws IOException {
        Path empty = Files.writeString(directory.resolve("empty"), "# nothing\n\n");
        Path nonsense =
                Files.writeString(directory.resolve("nonsense"), "worker_defs {\nworker cpu0 { type master }\n}\n");
        Path large = Files.writeString(directory.resolve("large"), " ".repeat((int) SourceReader.MAXIMUM_BYTES + 1));
        for (Path file : List.of(directory.resolve("missing"), directory, empty, nonsense, large)) {
            KeepalivedFile.Loaded loaded = KeepalivedFile.load(file, "");
            assertThat(loaded.unusable()).as(file.toString()).isTrue();
            assertThat(Conf.errors(loaded)).as(file.toString()).hasSize(1);
            assertThat(loaded.messages().getLast().toString()).startsWith(file + ": ");
        }
        assertThat(KeepalivedFile.load(directory.resolve("missing"), "").messages())
                .extracting(Object::toString)
                .containsExactly(directory.resolve("missing") + ": cannot be read: No such file or directory");
    }

    /** Each would run for ages or fill the memory if nothing bounded it. */
    @Test
    @Timeout(60)
    void nothingGrowsWithoutEnd() {
        StringBuilder doubling = new StringBuilder("$A0=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n");
        for (int i = 1; i < 40; i++) {
            doubling.append("$A")
                    .append(i)
                    .append("=$A")
                    .append(i - 1)
                    .append(" $A")
                    .append(i - 1)
                    .append('\n');
        }
        for (String text : List.of(
                doubling + "global_defs { router_id $A39 }",
                doubling
                        + "global_defs { router_id $A14 $A14 $A14 $A14 $A14 $A14 $A14 $A14 $A14 $A14 $A14 $A14 $A14 $A14 }",
                "$A=$B\n$B=$A\nglobal_defs { router_id $A }",
                "$A=$A$A\nglobal_defs { router_id $A }",
                "~SEQ(A,1,1,999999999) x $A\nglobal_defs { router_id X }",
                "~SEQ(A,1,1,9999) ~SEQ(B,1,1,9999) ~SEQ(C,1,1,9999) x\nglobal_defs { router_id X }",
                "{".repeat(100_000),
                "virtual_server_group g {\n" + "2001:db8::-ffff 80\n".repeat(1000) + "}",
                "global_defs {\n" + "x\n".repeat(100_000) + "}",
                "global_defs { " + "lvs_flush ".repeat(100_000) + "}")) {
            KeepalivedFile.Loaded loaded = Conf.parse(text);
            assertThat(loaded.messages()).as(text.substring(0, 30)).isNotEmpty();
            assertThat(loaded.messages()).hasSizeLessThanOrEqualTo(2 * Messages.LIMIT);
            KeepalivedFuzz.again(loaded);
        }
    }

    @Test
    void whatIsWrittenFlatIsReadAgain() {
        KeepalivedFile.Loaded loaded = Conf.parse(Everything.TEXT);
        assertThat(Conf.errors(loaded)).isEmpty();
        KeepalivedFuzz.again(loaded);
        assertThat(Conf.parse(loaded.flat()).messages())
                .as("no variables, no unknown words: only what is said of the statements themselves")
                .hasSizeLessThanOrEqualTo(loaded.messages().size());
    }

    @Test
    void flatHoldsNothingThatDoesNotCount() {
        assertThat(Conf.parse("""
                        vrrp_instance V {
                            use_vmac
                            priority 300
                            wrong { priority 5 }
                            priority 5
                        }
                        """).flat()).isEqualTo("vrrp_instance V {\n    priority 5\n}\n");
    }

    @Test
    void entriesMayShareALine() {
        VrrpInstance instance = Conf.instanceOf("", "10.0.0.1/24 dev d0 10.0.0.2 scope link 10.0.0.3")
                .configuration()
                .instances()
                .getFirst();
        assertThat(instance.addresses())
                .containsExactly(
                        new VirtualAddress(IpAddress.parse("10.0.0.1"), 24, "global", ""),
                        new VirtualAddress(IpAddress.parse("10.0.0.2"), 32, "link", ""),
                        new VirtualAddress(IpAddress.parse("10.0.0.3"), 32, "global", ""));
    }
}
