package jdpvs.keepalived.configuration;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import jdpvs.config.Messages;
import org.jspecify.annotations.Nullable;

/** An address that comes and goes: {@code ADDRESS[/LENGTH] [brd A|+|-] [dev D] [scope S] [label L] [peer A] [no_track]} (facts: config §11.3). */
record AddressEntry() implements EntryType {
    private static final Set<String> ALONE =
            Set.of("no_track", "nodad", "home", "mngtmpaddr", "noprefixroute", "autojoin", "-nodad", "track");
    private static final Set<String> WITH_VALUE =
            Set.of("brd", "broadcast", "label", "peer", "track_group", "preferred_lft");
    private static final Set<String> SCOPES = Set.of("host", "link", "global", "site", "nowhere");

    /** @param device null = not written */
    record Value(VirtualAddress address, @Nullable String device) {}

    @Override
    public Reading read(List<String> words, Predicate<String> keyword) {
        EntryType.Prefix prefix = EntryType.Prefix.parse(words.getFirst());
        if (prefix == null) {
            return Reading.wrong("");
        }
        if (prefix.address().toAddress().isMulticast()
                || (prefix.address().high() | prefix.address().low()) == 0) {
            return Reading.wrong("no host can have this address");
        }
        String scope = "global";
        String device = null;
        String remark = "";
        int at = 1;
        while (at < words.size()) {
            String word = words.get(at);
            if (ALONE.contains(word)) {
                at++;
                continue;
            }
            boolean known = WITH_VALUE.contains(word) || word.equals("dev") || word.equals("scope");
            if (!known) {
                break;
            }
            if (at + 1 == words.size()) {
                return Reading.wrong(word + " is missing a parameter");
            }
            String value = words.get(at + 1);
            if (word.equals("dev")) {
                device = value;
            } else if (word.equals("scope")) {
                scope = EntryType.scope(value);
                remark = SCOPES.contains(value) || value.matches("\\d{1,3}")
                        ? remark
                        : "scope " + Messages.quote(value) + " must be host, link or global; global is used";
            }
            at += 2;
        }
        return new Reading(
                new Value(
                        new VirtualAddress(prefix.address(), prefix.length(), scope, device == null ? "" : device),
                        device),
                at,
                remark);
    }

    @Override
    public String allowed() {
        return "ADDRESS[/LENGTH] [brd ADDRESS] [dev DEVICE] [scope host|link|global] [label LABEL] [peer ADDRESS] [no_track]";
    }
}
