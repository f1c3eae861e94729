package jdpvs.config.dpvs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import jdpvs.config.Location;
import jdpvs.config.Severity;

/** Reads a file and what it includes into statements; never fails, says what it skipped. */
final class SourceReader {
    static final int MAXIMUM_DEPTH = 16;
    static final int MAXIMUM_FILES = 256;
    static final long MAXIMUM_BYTES = 4 << 20;
    private static final String MODULE = "CFG_FILE";

    private final Messages messages;

    /** Files being read, the outermost first: an include of one of them would never end. */
    private final List<Path> open = new ArrayList<>();

    private int files;

    SourceReader(Messages messages) {
        this.messages = messages;
    }

    /** @throws IOException when this file cannot be read; the message is a reason without the file's name */
    List<Statement> read(Path file) throws IOException {
        List<Statement> statements = new ArrayList<>();
        readInto(file, statements);
        return statements;
    }

    List<Statement> parse(String text, Path file) {
        List<Statement> statements = new ArrayList<>();
        parseInto(text, file, statements);
        return statements;
    }

    private void readInto(Path file, List<Statement> into) throws IOException {
        String text = content(file);
        messages.add(
                Severity.NOTICE,
                MODULE,
                new Location(file.toString(), 0),
                "Opening configuration file '" + file + "'.");
        parseInto(text, file, into);
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
        } catch (NoSuchFileException e) {
            throw new IOException("No such file or directory", e);
        } catch (AccessDeniedException e) {
            throw new IOException("Permission denied", e);
        }
    }

    private void parseInto(String text, Path file, List<Statement> into) {
        String name = file.toString();
        files++;
        open.add(file.toAbsolutePath().normalize());
        Deque<Statement> blocks = new ArrayDeque<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            Location at = new Location(name, number);
            LineLexer.Tokens tokens = LineLexer.split(printable(line));
            if (!tokens.problem().isEmpty()) {
                warn(at, tokens.problem());
            }
            List<String> words = tokens.words();
            if (words.isEmpty()) {
                continue;
            }
            List<Statement> current = blocks.isEmpty() ? into : blocks.getLast().children();
            if (words.getFirst().startsWith("}")) {
                if (blocks.isEmpty()) {
                    warn(at, "'}' closes nothing, ignored");
                } else {
                    blocks.removeLast();
                }
                if (words.size() > 1 || words.getFirst().length() > 1) {
                    warn(at, "one statement per line: what follows '}' is ignored");
                }
            } else if (words.getFirst().equals("{")) {
                openAlone(at, words, current, blocks);
            } else if (words.getFirst().equals("include")) {
                include(at, words, file, current);
            } else {
                add(at, words, current, blocks);
            }
        }
        for (Statement block : blocks) {
            warn(block.at(), "block '" + block.keyword() + "' has no closing '}', it ends with the file");
        }
        open.removeLast();
    }

    /** Messages quote the file: no control character gets from it to a terminal or log. */
    private static String printable(String line) {
        return line.chars().noneMatch(Character::isISOControl)
                ? line
                : line.chars()
                        .map(c -> Character.isISOControl(c) ? ' ' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private void add(Location at, List<String> words, List<Statement> current, Deque<Statement> blocks) {
        int brace = words.indexOf("{");
        if (brace < 0) {
            current.add(Statement.line(words, at));
            return;
        }
        Statement block = Statement.block(words.subList(0, brace), at);
        current.add(block);
        List<String> rest = words.subList(brace + 1, words.size());
        if (rest.isEmpty()) {
            blocks.addLast(block);
            return;
        }
        // Not DPVS's grammar, but what is meant is plain: a block of one statement on one line.
        boolean closed = rest.getLast().equals("}");
        List<String> inner = closed ? rest.subList(0, rest.size() - 1) : rest;
        if (!inner.isEmpty() && !inner.contains("{")) {
            block.children().add(Statement.line(inner, at));
        } else if (!inner.isEmpty()) {
            warn(at, "one statement per line: '" + String.join(" ", inner) + "' is ignored");
        }
        if (!closed) {
            blocks.addLast(block);
        }
    }

    /** A brace on a line of its own opens the block of the line before. */
    private void openAlone(Location at, List<String> words, List<Statement> current, Deque<Statement> blocks) {
        if (words.size() > 1) {
            warn(at, "one statement per line: what follows '{' is ignored");
        }
        Statement block;
        if (!current.isEmpty() && !current.getLast().block()) {
            Statement before = current.removeLast();
            block = Statement.block(before.words(), before.at());
        } else {
            warn(at, "'{' without a keyword, its block is ignored");
            block = Statement.block(List.of("{"), at);
        }
        current.add(block);
        blocks.addLast(block);
    }

    private void include(Location at, List<String> words, Path from, List<Statement> into) {
        if (words.size() < 2) {
            warn(at, "include needs a file name or pattern, ignored");
            return;
        }
        String pattern = words.get(1);
        List<Path> found;
        try {
            found = expand(pattern, from);
        } catch (IOException | IllegalArgumentException e) {
            warn(at, "include " + pattern + ": " + reason(e) + ", ignored");
            return;
        }
        if (found.isEmpty()) {
            warn(at, "include " + pattern + ": no such file, ignored");
        }
        for (Path file : found) {
            if (open.contains(file.toAbsolutePath().normalize())) {
                warn(at, "include " + file + ": this file is being read already, ignored");
            } else if (open.size() >= MAXIMUM_DEPTH) {
                warn(at, "include " + file + ": more than " + MAXIMUM_DEPTH + " files deep, ignored");
            } else if (files >= MAXIMUM_FILES) {
                warn(at, "include " + file + ": more than " + MAXIMUM_FILES + " files, ignored");
            } else {
                try {
                    readInto(file, into);
                } catch (IOException e) {
                    warn(at, "include " + file + ": " + reason(e) + ", ignored");
                }
            }
        }
    }

    /** Patterns stand for names in one directory, sorted; without a pattern character the name is taken as it is. */
    private static List<Path> expand(String pattern, Path from) throws IOException {
        Path relative = Path.of(pattern);
        Path directory = from.toAbsolutePath().getParent();
        Path wanted = directory == null ? relative : directory.resolve(relative);
        Path name = wanted.getFileName();
        if (name == null || pattern.chars().noneMatch(c -> "*?[".indexOf(c) >= 0)) {
            return Files.exists(wanted) ? List.of(wanted) : List.of();
        }
        Path parent = wanted.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return List.of();
        }
        PathMatcher matcher = parent.getFileSystem().getPathMatcher("glob:" + name);
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, entry -> matches(matcher, entry))) {
            entries.forEach(found::add);
        }
        found.sort(null);
        return found;
    }

    /** Like the shell: hidden files only when asked for by name. */
    private static boolean matches(PathMatcher matcher, Path entry) {
        Path name = entry.getFileName();
        return name != null && !name.toString().startsWith(".") && matcher.matches(name) && Files.isRegularFile(entry);
    }

    private static String reason(Exception e) {
        if (e instanceof PatternSyntaxException) {
            return "not a pattern";
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private void warn(Location at, String text) {
        messages.add(Severity.WARNING, MODULE, at, text);
    }
}
