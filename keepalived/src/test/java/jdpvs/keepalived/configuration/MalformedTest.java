package jdpvs.keepalived.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import jdpvs.config.Location;
import jdpvs.config.Message;
import jdpvs.config.Severity;
import jdpvs.config.ValueType;
import org.junit.jupiter.api.Test;

/** Hundreds of wrong files, made from the table and from right ones: each is told of at its line, and what is right in it counts. */
class MalformedTest {
    private static final List<String> NEVER_A_VALUE = List.of("-7.5x", "\"\"", "10.0.0.999");

    /** A file in which one line is wrong. */
    private record Case(String text, int line, String keyword) {}

    /** Some instance and service around what is tried, so that there is something that must survive it. */
    private static final String GOOD = """
            vrrp_instance GOOD { interface k9 dpdk_interface d9 virtual_router_id 99 virtual_ipaddress { 10.9.9.9 } }
            virtual_server 10.9.9.9 99 { protocol TCP real_server 192.0.2.99 99 { TCP_CHECK { } } }
            """;

    private static void collect(Block block, List<String> path, List<Case> into) {
        for (Key key : block.keys()) {
            if (key.unused().isEmpty()) {
                for (String value : NEVER_A_VALUE) {
                    if (key.type()
                                    .read(List.of(value.replace("\"", "")), word -> false)
                                    .value()
                            == null) {
                        into.add(within(path, key.name() + " " + value, key.name()));
                    }
                }
                if (key.type().read(List.of(), word -> false).value() == null) {
                    into.add(within(path, key.name(), key.name()));
                }
            }
        }
        ValueType entry = block.entry();
        if (entry != null) {
            for (String value : NEVER_A_VALUE) {
                if (entry.read(List.of(value.replace("\"", "")), word -> false).value() == null) {
                    into.add(within(path, value, block.name()));
                }
            }
        }
        if (entry == null) {
            into.add(within(path, "no_such_word 1", "no_such_word"));
        }
        into.add(within(path, "no_such_block {\nrouter_id 7\n}", "no_such_block"));
        for (Block inner : block.blocks()) {
            if (inner.unused().isEmpty()) {
                into.add(within(path, inner.name() + (inner.words() > 0 ? " { }" : " x"), inner.name()));
                List<String> deeper = new ArrayList<>(path);
                deeper.add(inner.name() + opening(inner));
                collect(inner, deeper, into);
            }
        }
    }

    private static String opening(Block block) {
        return block.words() == 0 ? "" : block.values().startsWith("ADDRESS") ? " 10.0.0.1 80" : " NAME";
    }

    private static Case within(List<String> path, String line, String keyword) {
        StringBuilder text = new StringBuilder(GOOD);
        path.forEach(block -> text.append(block).append(" {\n"));
        text.append(line).append('\n').append("}\n".repeat(path.size()));
        return new Case(text.toString(), 3 + path.size(), keyword);
    }

    private static void survives(KeepalivedFile.Loaded loaded, String text) {
        assertThat(loaded.unusable()).as(text).isFalse();
        assertThat(loaded.configuration().instances())
                .as(text)
                .extracting(VrrpInstance::name)
                .contains("GOOD");
        assertThat(loaded.configuration().virtualServers())
                .as(text)
                .extracting(VirtualServer::name)
                .contains("[10.9.9.9]:tcp:99");
        KeepalivedFuzz.again(loaded);
    }

    @Test
    void wrongValuesMissingValuesAndWrongWordsEverywhere() {
        List<Case> cases = new ArrayList<>();
        collect(KeyTable.ROOT, List.of(), cases);
        assertThat(cases).hasSizeGreaterThan(500);
        for (Case each : cases) {
            KeepalivedFile.Loaded loaded = Conf.parse(each.text());
            survives(loaded, each.text());
            assertThat(loaded.messages()).as(each.text()).anySatisfy(message -> {
                assertThat(message.severity()).isGreaterThanOrEqualTo(Severity.WARNING);
                assertThat(message.at()).isEqualTo(new Location("k.conf", each.line()));
                assertThat(message.text()).contains(each.keyword());
                assertThat(message.text()).containsPattern("is used|ignored|left out|skipped|must");
            });
        }
    }

    /** What says what is used instead does use it: the rest of the file means what it means without the line. */
    @Test
    void aWrongLineIsAsGoodAsNone() {
        List<String> lines = Everything.TEXT.lines().toList();
        int compared = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.endsWith("{") || line.equals("}")) {
                continue;
            }
            String before = String.join("\n", lines.subList(0, i)) + "\n";
            String after = "\n" + String.join("\n", lines.subList(i + 1, lines.size()));
            KeepalivedFile.Loaded wrong = Conf.parse(before + "no_such_word" + after);
            // In a list it may be the name of something.
            if (wrong.messages().stream().anyMatch(message -> message.text().startsWith("Unknown keyword"))) {
                assertThat(wrong.configuration())
                        .as(line)
                        .isEqualTo(Conf.parse(before + after).configuration());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(150);
    }

    @Test
    void filesThatEndEarly() throws IOException {
        String sample = Files.readString(Conf.SAMPLE);
        int told = 0;
        for (int end = 0; end < sample.length(); end += 7) {
            String text = sample.substring(0, end);
            KeepalivedFile.Loaded loaded = Conf.parse(text);
            long open = text.replaceAll("(?m)[#!].*", "")
                            .chars()
                            .filter(c -> c == '{')
                            .count()
                    - text.replaceAll("(?m)[#!].*", "")
                            .chars()
                            .filter(c -> c == '}')
                            .count();
            assertThat(Conf.errors(loaded).stream().filter(m -> m.text().contains("no closing '}'")))
                    .as(text)
                    .hasSize((int) open);
            told += open > 0 ? 1 : 0;
            KeepalivedFuzz.again(loaded);
        }
        assertThat(told).isGreaterThan(250);
    }

    /** A brace less or more anywhere: something is told, and nothing breaks. */
    @Test
    void bracesThatAreNotThereOrTooMany() throws IOException {
        String sample = Files.readString(Conf.SAMPLE).replaceAll("(?m)[#!].*", "");
        for (int i = 0; i < sample.length(); i++) {
            char c = sample.charAt(i);
            if (c == '{' || c == '}') {
                for (String instead : List.of("", c + " " + c)) {
                    KeepalivedFile.Loaded loaded =
                            Conf.parse(sample.substring(0, i) + instead + sample.substring(i + 1));
                    assertThat(loaded.messages())
                            .as("brace %d: %s", i, instead)
                            .anyMatch(message -> message.text().contains("'}'")
                                    || message.text().contains("'{'")
                                    || message.text().contains("block")
                                    || message.severity() == Severity.ERROR);
                    KeepalivedFuzz.again(loaded);
                }
            }
        }
    }

    @Test
    void blocksWhereTheyDoNotBelong() {
        List<String> names = new ArrayList<>();
        KeyTable.ROOT.blocks().forEach(block -> {
            if (block.entry() == null && block.unused().isEmpty()) {
                names.add(block.name() + opening(block));
            }
        });
        for (String outer : names) {
            for (String inner : names) {
                String text = GOOD + outer + " {\n" + inner + " {\n}\n}\n";
                KeepalivedFile.Loaded loaded = Conf.parse(text);
                survives(loaded, text);
                String keyword = inner.split(" ", 2)[0];
                assertThat(loaded.messages())
                        .as(text)
                        .extracting(Message::toString)
                        .contains("k.conf:4: Unknown keyword '" + keyword + "', its block is skipped");
            }
        }
    }

    @Test
    void keysWithoutEffectAreNamedOnce() {
        List<String> missing = new ArrayList<>();
        without(KeyTable.ROOT, List.of(), missing);
        assertThat(missing).isEmpty();
    }

    private static void without(Block block, List<String> path, List<String> missing) {
        List<String> unused = new ArrayList<>();
        block.keys().stream().filter(key -> !key.unused().isEmpty()).forEach(key -> unused.add(key.name()));
        block.blocks().stream()
                .filter(inner -> !inner.unused().isEmpty())
                .forEach(inner -> unused.add(inner.name() + " x {\nwhatever 1\n}"));
        for (String line : unused) {
            Case twice = within(path, line + "\n" + line, "");
            KeepalivedFile.Loaded loaded = Conf.parse(twice.text());
            String keyword = line.split(" ", 2)[0];
            List<Message> told = loaded.messages().stream()
                    .filter(message -> message.text().startsWith(keyword + " has no effect here: "))
                    .toList();
            if (told.size() != 1
                    || told.getFirst().severity() != Severity.NOTICE
                    || loaded.messages().stream().anyMatch(m -> m.text().startsWith("Unknown"))) {
                missing.add(keyword + " " + loaded.messages());
            }
        }
        for (Block inner : block.blocks()) {
            if (inner.unused().isEmpty()) {
                List<String> deeper = new ArrayList<>(path);
                deeper.add(inner.name() + opening(inner));
                without(inner, deeper, missing);
            }
        }
    }

    @Test
    void messagesNameTheWordThePlaceAndTheWayOut() {
        assertThat(Conf.complaints("""
                vrrp_instance V {
                    interface k0
                    virtual_router_id 300
                    virtual_router_id 12
                    priority 256
                    advert_int
                    state SLAVE
                    nopreempt maybe
                    virtual_ipaddress {
                        10.0.0.1/33
                        10.0.0.2
                        224.0.0.18
                    }
                    virtual_routes {
                        10.0.0.0/8 via nowhere
                    }
                    interface k1 { }
                }
                """))
                .containsExactly(
                        "WARNING 3: virtual_router_id '300': must be 1 … 255; the line is ignored",
                        "WARNING 5: priority '256': must be 1 … 255; 100 is used",
                        "ERROR 6: advert_int is missing a parameter: 0.01 … 255 seconds; 1 is used",
                        "WARNING 7: state 'SLAVE': must be MASTER, BACKUP; BACKUP is used",
                        "WARNING 8: nopreempt 'maybe': must be on, off, true, false, yes or no; alone = on; off is used",
                        "ERROR 10: virtual_ipaddress: '10.0.0.1/33': must be ADDRESS[/LENGTH] [brd ADDRESS] [dev DEVICE] [scope"
                                + " host|link|global] [label LABEL] [peer ADDRESS] [no_track]; it is left out",
                        "ERROR 12: virtual_ipaddress: '224.0.0.18': no host can have this address; it is left out",
                        "ERROR 15: virtual_routes: '10.0.0.0/8 via nowhere': via 'nowhere' must be an address; it is left out",
                        "NOTICE 17: interface stands in line 2 already, the last one counts",
                        "WARNING 17: interface has no block, what is in { } after it is skipped",
                        "WARNING 1: vrrp_instance V: dpdk_interface is missing, so its addresses go nowhere: name the dpvs device,"
                                + " for example dpdk_interface dpdk0");
    }
}
