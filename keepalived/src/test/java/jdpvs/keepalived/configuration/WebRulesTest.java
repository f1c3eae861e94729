package jdpvs.keepalived.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regular expressions mean what they mean to those who write PCRE (pcre2pattern(3), POSIX character classes). */
class WebRulesTest {
    private static String check(String regex) {
        return "HTTP_GET { url {\npath /\nregex \"" + regex.replace("\\", "\\\\") + "\"\n} }";
    }

    private static Pattern pattern(String regex) {
        KeepalivedFile.Loaded loaded = Conf.service("", check(regex));
        assertThat(loaded.messages()).isEmpty();
        CheckSettings.Http http = (CheckSettings.Http) loaded.configuration()
                .virtualServers()
                .getFirst()
                .servers()
                .getFirst()
                .checks()
                .getFirst();
        return Pattern.compile(String.valueOf(http.urls().getFirst().regex()));
    }

    /** Regular expression, what it matches as a whole, what it does not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[[:digit:]]+ | 2026 | dig",
                "[[:alpha:]_]+ | a_b | a1",
                "[[:alnum:].-]+ | a-1.b | a b",
                "x[[:space:]]y | `x y` | x:y",
                "[[:upper:][:digit:]]+ | A1 | a1",
                "[^[:lower:]]+ | A-1 | a",
                "[[:^digit:]]+ | abc | a1",
                "[[:xdigit:]]{4} | be0F | beeg",
                "[[:word:]]+ | a_1 | a-1",
                "[[:^word:]]+ | -+ | -a",
                "[[:punct:]] | ! | a",
                "[[:blank:]][[:print:]][[:graph:]] | `  a` | a  ",
                "[[:cntrl:]]?[[:ascii:]] | a | é",
                "\\[:digit:] | [:digit:] | 1",
                "[\\\\[:digit:]]+ | \\1 | d",
                "[a:]+ | a:a | b",
            })
    void posixClasses(String regex, String matching, String other) {
        assertThat(pattern(regex).matcher(matching).matches()).as(matching).isTrue();
        assertThat(pattern(regex).matcher(other).matches()).as(other).isFalse();
    }

    @Test
    void whatIsNoExpressionIsAnError() {
        assertThat(Conf.complaints(Conf.service("", check("a[[:number:]]"))))
                .containsExactly(
                        "ERROR 7: regex 'a[[:number:]]' is no regular expression (There is no class [:number:]);"
                                + " any body will do");
        assertThat(Conf.complaints(Conf.service("", check("a(b"))))
                .containsExactly("ERROR 7: regex 'a(b' is no regular expression (Unclosed group); any body will do");
    }
}
