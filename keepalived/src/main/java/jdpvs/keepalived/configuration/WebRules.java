package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import jdpvs.config.BlockValues.Setting;
import jdpvs.config.Messages;
import jdpvs.keepalived.configuration.CheckSettings.Http;
import org.jspecify.annotations.Nullable;

/** Makes the checks that ask a web server. */
final class WebRules {
    private static final Pattern CODES = Pattern.compile("(\\d{3})(?:-(\\d{3}))?");

    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("alnum", "p{Alnum}"),
            Map.entry("alpha", "p{Alpha}"),
            Map.entry("ascii", "p{ASCII}"),
            Map.entry("blank", "p{Blank}"),
            Map.entry("cntrl", "p{Cntrl}"),
            Map.entry("digit", "p{Digit}"),
            Map.entry("graph", "p{Graph}"),
            Map.entry("lower", "p{Lower}"),
            Map.entry("print", "p{Print}"),
            Map.entry("punct", "p{Punct}"),
            Map.entry("space", "p{Space}"),
            Map.entry("upper", "p{Upper}"),
            Map.entry("word", "w"),
            Map.entry("xdigit", "p{XDigit}"));

    /** A class, or a character that a backslash takes away. */
    private static final Pattern POSIX = Pattern.compile("\\[:(\\^?)([a-z]+):\\]|\\\\.", Pattern.DOTALL);

    /** Of PCRE's options those that {@link Pattern} has. */
    private static final Map<String, Integer> OPTIONS = Map.of(
            "caseless",
            Pattern.CASE_INSENSITIVE,
            "multiline",
            Pattern.MULTILINE,
            "dotall",
            Pattern.DOTALL,
            "extended",
            Pattern.COMMENTS,
            "ucp",
            Pattern.UNICODE_CHARACTER_CLASS,
            "utf",
            Pattern.UNICODE_CASE);

    private final Messages messages;

    WebRules(Messages messages) {
        this.messages = messages;
    }

    /**
     * @param host of urls that do not say; null = the address
     * @return null when there is no url
     */
    @Nullable CheckSettings of(
            Node node,
            CheckSettings.Timing timing,
            CheckSettings.Target target,
            @Nullable String host,
            @Nullable String preamble) {
        List<Http.Url> urls = new ArrayList<>();
        for (Node url : node.all("url")) {
            String path = url.text("path");
            if (path == null) {
                messages.error(url.at, "url: path is missing, for example path /; the url is left out");
            } else {
                urls.add(url(url, path, host));
            }
        }
        if (urls.isEmpty()) {
            messages.error(
                    node.at,
                    node.block.name()
                            + " has no url, for example url { path / }; the check is left out, the server counts as well");
            return null;
        }
        return new Http(
                timing,
                target,
                node.block.name().equals("SSL_GET"),
                urls,
                Objects.requireNonNull(node.text("http_protocol")),
                node.flag("enable_sni"),
                node.flag("fast_recovery"),
                preamble);
    }

    private Http.Url url(Node node, String path, @Nullable String host) {
        String digest = node.text("digest");
        String ownHost = node.text("virtualhost");
        int flags = flags(node);
        int minimum = node.number("regex_min_offset");
        int maximum = node.number("regex_max_offset", -1);
        if (maximum >= 0 && maximum < minimum) {
            messages.warn(
                    node.place("regex_max_offset"),
                    "regex_max_offset " + maximum + " must not be below regex_min_offset " + minimum
                            + "; anywhere is used");
            maximum = -1;
        }
        return new Http.Url(
                path,
                codes(node),
                digest == null ? null : digest.toLowerCase(Locale.ROOT),
                ownHost == null ? host : ownHost,
                regex(node, flags),
                node.flag("regex_no_match"),
                flags,
                minimum,
                maximum);
    }

    private List<Http.Range> codes(Node node) {
        List<Http.Range> ranges = new ArrayList<>();
        for (Setting setting : node.settings("status_code")) {
            for (Object word : (List<?>) setting.value()) {
                Matcher matcher = CODES.matcher((String) word);
                int from = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
                int to = from == 0 || matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
                if (from < 100 || to < from || to > 599) {
                    messages.warn(
                            setting.at(),
                            "status_code " + Messages.quote((String) word)
                                    + " must be a code 100 … 599 or a range such as 200-299; it is ignored");
                } else {
                    ranges.add(new Http.Range(from, to));
                }
            }
        }
        return ranges.isEmpty() ? List.of(new Http.Range(200, 299)) : ranges;
    }

    private int flags(Node node) {
        int flags = 0;
        for (Setting setting : node.settings("regex_options")) {
            for (Object word : (List<?>) setting.value()) {
                Integer flag = OPTIONS.get((String) word);
                if (flag == null) {
                    messages.warn(
                            setting.at(),
                            "regex_options: " + Messages.quote((String) word) + " is none of "
                                    + String.join(
                                            ", ",
                                            OPTIONS.keySet().stream().sorted().toList())
                                    + "; it is ignored");
                } else {
                    flags |= flag;
                }
            }
        }
        return flags;
    }

    /**
     * Replaces classes such as {@code [[:digit:]]}, which {@link Pattern} takes for the letters of their names.
     *
     * @throws PatternSyntaxException when there is no such class
     */
    private static String withoutPosix(String regex) {
        return POSIX.matcher(regex).replaceAll(found -> {
            if (found.group(2) == null) {
                return Matcher.quoteReplacement(found.group());
            }
            String name = CLASSES.get(found.group(2));
            if (name == null) {
                throw new PatternSyntaxException("There is no class " + found.group(), regex, found.start());
            }
            return Matcher.quoteReplacement("\\"
                    + (found.group(1).isEmpty()
                            ? name
                            : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1)));
        });
    }

    private @Nullable String regex(Node node, int flags) {
        String written = node.text("regex");
        if (written == null) {
            return null;
        }
        try {
            return Pattern.compile(withoutPosix(written), flags).pattern();
        } catch (PatternSyntaxException e) {
            messages.error(
                    node.place("regex"),
                    "regex " + Messages.quote(written) + " is no regular expression (" + e.getDescription()
                            + "); any body will do");
            return null;
        }
    }
}
