package jdpvs.keepalived.configuration;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import jdpvs.config.Messages;
import jdpvs.config.SourceReader;
import jdpvs.config.ValueType;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/** Lines of blocks that begin with no keyword. */
sealed interface EntryType extends ValueType
        permits AddressEntry, RouteEntry, EntryType.Local, EntryType.Member, EntryType.Service, EntryType.Track {

    /** Of a local_address_group: {@code ADDRESS[-END] DEVICE}. */
    record Local() implements EntryType {
        /** A range must be narrower (facts: config §10.1). */
        static final int WIDEST = 255;

        record Row(AddressRange range, String device) {}

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            if (words.size() < 2 || words.get(1).length() > 15) {
                return Reading.wrong("");
            }
            try {
                AddressRange range = AddressRange.parse(words.getFirst());
                return range.count() >= WIDEST
                        ? Reading.wrong(
                                "invalid: local IP address range " + range.count() + ", it must be less than " + WIDEST)
                        : Reading.of(new Row(range, words.get(1)), 2);
            } catch (IllegalArgumentException e) {
                return Reading.wrong(SourceReader.reason(e));
            }
        }

        @Override
        public String allowed() {
            return "ADDRESS[-END] DEVICE, for example 192.0.2.30-40 dpdk1";
        }
    }

    /** Of a deny_address_group or allow_address_group. */
    record Member() implements EntryType {
        record Client(String word) {}

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            String word = words.getFirst();
            if (word.startsWith("ipset:") && word.length() > 6) {
                return Reading.of(new Client(word), 1);
            }
            try {
                AddressRange.parse(word);
                return Reading.of(new Client(word), 1);
            } catch (IllegalArgumentException e) {
                return Reading.wrong(SourceReader.reason(e));
            }
        }

        @Override
        public String allowed() {
            return "ADDRESS[-END] or ipset:NAME";
        }
    }

    /** Of a virtual_server_group: {@code ADDRESS[-END] [PORT]} or {@code fwmark N}. */
    record Service() implements EntryType {
        /** @param range null = a mark */
        record Places(@Nullable AddressRange range, int port) {}

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            if (words.getFirst().equals("fwmark")) {
                return words.size() > 1 && new Whole(1, 0xffff_ffffL, null).value(words.get(1)) != null
                        ? Reading.of(new Places(null, 0), 2)
                        : Reading.wrong("");
            }
            try {
                AddressRange range = AddressRange.parse(words.getFirst());
                // What looks like an address belongs to the next service.
                if (words.size() == 1 || words.get(1).matches(".*[.:].*")) {
                    return Reading.of(new Places(range, 0), 1);
                }
                return new Whole(0, 65_535, null).value(words.get(1)) instanceof Long port
                        ? Reading.of(new Places(range, port.intValue()), 2)
                        : Reading.wrong("port " + Messages.quote(words.get(1)) + " must be 0 … 65535");
            } catch (IllegalArgumentException e) {
                return Reading.wrong(SourceReader.reason(e));
            }
        }

        @Override
        public String allowed() {
            return "ADDRESS[-END] [PORT], or fwmark N";
        }
    }

    /** {@code NAME [weight N [reverse]]}. */
    record Track(int limit) implements EntryType {
        /** @param weight null = as what is tracked says */
        record Tracked(String name, LineType.Weight.@Nullable Amount weight) {}

        @Override
        public Reading read(List<String> words, Predicate<String> keyword) {
            if (words.size() < 2 || !words.get(1).equals("weight")) {
                boolean reverse = words.size() > 1 && words.get(1).equals("reverse");
                return Reading.of(
                        new Tracked(words.getFirst(), reverse ? new LineType.Weight.Amount(0, true) : null),
                        reverse ? 2 : 1);
            }
            Reading weight = new LineType.Weight(limit).read(words.subList(2, words.size()), keyword);
            return weight.value() instanceof LineType.Weight.Amount value
                    ? Reading.of(new Tracked(words.getFirst(), value), 2 + weight.used())
                    : Reading.wrong("its weight must be " + -limit + " … " + limit);
        }

        @Override
        public String allowed() {
            return "NAME [weight " + -limit + " … " + limit + " [reverse]]";
        }
    }

    /** Takes an address and a prefix length from a word such as {@code 10.0.0.1/24}. */
    record Prefix(IpAddress address, int length) {
        static @Nullable Prefix parse(String word) {
            int slash = word.indexOf('/');
            IpAddress address = WordType.address(slash < 0 ? word : word.substring(0, slash));
            if (address == null) {
                return null;
            }
            if (slash < 0) {
                return new Prefix(address, address.bits());
            }
            return new Whole(0, address.bits(), null).value(word.substring(slash + 1)) instanceof Long length
                    ? new Prefix(address, length.intValue())
                    : null;
        }
    }

    /** Scopes that dpvs knows; others count as global. */
    static String scope(String word) {
        return Set.of("host", "link").contains(word) ? word : "global";
    }
}
