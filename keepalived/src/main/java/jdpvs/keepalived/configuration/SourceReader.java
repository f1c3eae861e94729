package jdpvs.keepalived.configuration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import jdpvs.config.Location;

/** Reads a file and what it includes into statements; never fails, says what it skipped. */
final class SourceReader {
    static final int MAXIMUM_DEPTH = 16;
    static final int MAXIMUM_FILES = 256;
    static final long MAXIMUM_BYTES = 4 << 20;

    /** Characters of all files together. */
    static final long MAXIMUM_TOTAL = 16 << 20;

    private final Messages messages;
    private final String identity;
    private final Definitions definitions;

    /** Files being read, the outermost first: an include of one of them would never end. */
    private final List<Path> open = new ArrayList<>();

    private int files;
    private long total;

    SourceReader(Messages messages, String identity) {
        this.messages = messages;
        this.identity = identity;
        definitions = new Definitions(messages, identity);
    }

    /** @throws IOException when this file cannot be read; the message is a reason without the file's name */
    List<Statement> read(Path file) throws IOException {
        List<Statement> statements = new ArrayList<>();
        parseInto(content(file), file, statements);
        return statements;
    }

    List<Statement> parse(String text, Path file) {
        List<Statement> statements = new ArrayList<>();
        parseInto(text, file, statements);
        return statements;
    }

    private static String content(Path file) throws IOException {
        try {
            if (!Files.exists(file)) {
                throw new IOException("No such file or directory");
            }
            if (!Files.isRegularFile(file)) {
                throw new IOException("Not a regular file");
            }
            if (Files.size(file) > MAXIMUM_BYTES) {
                throw new IOException("It is larger than " + MAXIMUM_BYTES + " bytes");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (AccessDeniedException e) {
            throw new IOException("Permission denied", e);
        }
    }

    private void parseInto(String text, Path file, List<Statement> into) {
        files++;
        total += text.length();
        open.add(file.toAbsolutePath().normalize());
        StatementBuilder builder = new StatementBuilder(into, messages);
        Path parent = file.toAbsolutePath().getParent();
        String directory = parent == null ? "/" : parent.toString();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            Location at = new Location(file.toString(), i + 1);
            Conditioned line = conditioned(uncommented(lines[i], at));
            Definitions.Begun begun = Definitions.begun(line.text());
            if (begun != null) {
                StringBuilder value = new StringBuilder(begun.text());
                while (value.length() > 0 && value.charAt(value.length() - 1) == '\\') {
                    value.setCharAt(value.length() - 1, '\n');
                    if (i + 1 < lines.length) {
                        i++;
                        value.append(uncommented(lines[i], new Location(file.toString(), i + 1))
                                .strip());
                    }
                }
                if (line.counts()) {
                    definitions.define(begun.name(), value.toString());
                }
            } else if (line.counts()) {
                for (String each : definitions.expand(line.text(), at, directory)) {
                    statement(each, at, file, builder);
                }
            }
        }
        builder.end();
        open.removeLast();
    }

    private String uncommented(String line, Location at) {
        int end = LineLexer.commentAt(line);
        if (end > 0 && end < line.length() && LineLexer.withinWord(line.charAt(end - 1))) {
            messages.warn(
                    at,
                    "'" + line.charAt(end)
                            + "' within a word begins a comment; put the word in quotes if it belongs to it");
        }
        return line.substring(0, end);
    }

    /** @param counts whether the condition holds */
    private record Conditioned(String text, boolean counts) {}

    /** Takes {@code @id} or {@code @^id} from the front. */
    private Conditioned conditioned(String line) {
        String stripped = line.strip();
        if (!stripped.startsWith("@")) {
            return new Conditioned(line, true);
        }
        int end = 0;
        while (end < stripped.length() && !LineLexer.blank(stripped.charAt(end))) {
            end++;
        }
        boolean not = stripped.startsWith("@^");
        boolean same = stripped.substring(not ? 2 : 1, end).equals(identity) && !identity.isEmpty();
        return new Conditioned(stripped.substring(end), same != not);
    }

    private void statement(String line, Location at, Path file, StatementBuilder builder) {
        LineLexer.Tokens tokens = LineLexer.split(line);
        if (!tokens.problem().isEmpty()) {
            messages.warn(at, tokens.problem());
        }
        List<LineLexer.Token> list = tokens.tokens();
        if (!list.isEmpty()
                && !list.getFirst().quoted()
                && list.getFirst().text().equals("include")) {
            include(at, list, file, builder.current());
        } else {
            builder.line(list, at);
        }
    }

    private void include(Location at, List<LineLexer.Token> words, Path from, List<Statement> into) {
        if (words.size() < 2) {
            messages.error(at, "include is missing a parameter: a file name or pattern must follow");
            return;
        }
        String pattern = words.get(1).text();
        List<Path> found;
        try {
            found = expand(pattern, from);
        } catch (IOException | IllegalArgumentException | DirectoryIteratorException e) {
            messages.error(at, "include " + pattern + ": " + reason(e) + ", ignored");
            return;
        }
        if (found.isEmpty()) {
            messages.warn(at, "include " + pattern + ": no such file, ignored");
        }
        for (Path file : found) {
            String problem = "";
            if (open.contains(file.toAbsolutePath().normalize())) {
                problem = "this file is being read already";
            } else if (open.size() >= MAXIMUM_DEPTH) {
                problem = "more than " + MAXIMUM_DEPTH + " files deep";
            } else if (files >= MAXIMUM_FILES) {
                problem = "more than " + MAXIMUM_FILES + " files";
            } else if (total > MAXIMUM_TOTAL) {
                problem = "all files together have more than " + MAXIMUM_TOTAL + " characters";
            } else {
                try {
                    parseInto(content(file), file, into);
                } catch (IOException e) {
                    problem = reason(e);
                }
            }
            if (!problem.isEmpty()) {
                messages.error(at, "include " + file + ": " + problem + ", ignored");
            }
        }
    }

    /** Patterns stand for names of files and directories, sorted; without a pattern character a name is taken as it is. */
    private static List<Path> expand(String pattern, Path from) throws IOException {
        Path relative = Path.of(pattern);
        Path directory = from.toAbsolutePath().getParent();
        Path start = relative.isAbsolute() || directory == null ? Path.of("/") : directory;
        List<Path> found = List.of(start);
        for (int i = 0; i < relative.getNameCount(); i++) {
            Path name = relative.getName(i);
            boolean last = i == relative.getNameCount() - 1;
            List<Path> next = new ArrayList<>();
            for (Path each : found) {
                if (name.toString().chars().noneMatch(c -> "*?[{".indexOf(c) >= 0)) {
                    next.add(each.resolve(name));
                } else if (Files.isDirectory(each)) {
                    PathMatcher matcher = each.getFileSystem().getPathMatcher("glob:" + name);
                    try (DirectoryStream<Path> entries =
                            Files.newDirectoryStream(each, entry -> matches(matcher, entry, last))) {
                        entries.forEach(next::add);
                    }
                }
            }
            found = next;
        }
        return found.stream().filter(Files::exists).sorted().toList();
    }

    /** Like the shell: hidden files only when asked for by name. */
    private static boolean matches(PathMatcher matcher, Path entry, boolean file) {
        Path name = entry.getFileName();
        return name != null
                && !name.toString().startsWith(".")
                && matcher.matches(name)
                && (file ? Files.isRegularFile(entry) : Files.isDirectory(entry));
    }

    static String reason(Exception e) {
        if (e instanceof PatternSyntaxException) {
            return "not a pattern";
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
