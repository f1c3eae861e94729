package jdpvs.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.PatternSyntaxException;

/** Reads a file and what it includes into statements; never fails, says what it skipped. A dialect says how lines become statements. */
public abstract class SourceReader {
    public static final int MAXIMUM_DEPTH = 16;
    public static final int MAXIMUM_FILES = 256;

    /** Of one file. */
    public static final long MAXIMUM_BYTES = 4 << 20;

    /** Characters of all files together. */
    public static final long MAXIMUM_TOTAL = 16 << 20;

    protected final Messages messages;

    /** Files being read, the outermost first: an include of one of them would never end. */
    private final List<Path> open = new ArrayList<>();

    private int files;
    private long total;

    protected SourceReader(Messages messages) {
        this.messages = messages;
    }

    /**
     * Makes statements of a file's text and gives what it includes to {@link #include}.
     *
     * @param file whose the text is, for places
     */
    protected abstract void statements(String text, Path file, List<Statement> into);

    /** A file was found and is going to be read. */
    protected void opened(Path file) {}

    /** @throws IOException when this file cannot be read; {@link #reason} says why */
    public final List<Statement> read(Path file) throws IOException {
        List<Statement> statements = new ArrayList<>();
        readInto(file, statements);
        return statements;
    }

    /** Reads a text as if it were this file's. */
    public final List<Statement> parse(String text, Path file) {
        List<Statement> statements = new ArrayList<>();
        parseInto(text, file, statements);
        return statements;
    }

    private void readInto(Path file, List<Statement> into) throws IOException {
        String text = content(file);
        opened(file);
        parseInto(text, file, into);
    }

    private void parseInto(String text, Path file, List<Statement> into) {
        files++;
        total += text.length();
        open.add(file.toAbsolutePath().normalize());
        statements(text, file, into);
        open.removeLast();
    }

    private static String content(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("Not a regular file");
        }
        if (Files.size(file) > MAXIMUM_BYTES) {
            throw new IOException("It is larger than " + MAXIMUM_BYTES + " bytes");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /**
     * Reads the files that a pattern stands for.
     *
     * @param pattern absolute or beside the including file
     * @param at where the include stands
     * @param from the including file
     */
    protected final void include(String pattern, Location at, Path from, List<Statement> into) {
        List<Path> found;
        try {
            found = expand(pattern, from);
        } catch (IOException | IllegalArgumentException | DirectoryIteratorException e) {
            messages.leaveOut(at, "include " + pattern + ": " + reason(e) + ", ignored");
            return;
        }
        if (found.isEmpty()) {
            messages.warn(at, "include " + pattern + ": no such file, ignored");
        }
        for (Path file : found) {
            String problem = includeOne(file, into);
            if (!problem.isEmpty()) {
                messages.leaveOut(at, "include " + file + ": " + problem + ", ignored");
            }
        }
    }

    /** @return what is wrong, empty = nothing */
    private String includeOne(Path file, List<Statement> into) {
        if (open.contains(file.toAbsolutePath().normalize())) {
            return "this file is being read already";
        }
        if (open.size() >= MAXIMUM_DEPTH) {
            return "more than " + MAXIMUM_DEPTH + " files deep";
        }
        if (files >= MAXIMUM_FILES) {
            return "more than " + MAXIMUM_FILES + " files";
        }
        if (total > MAXIMUM_TOTAL) {
            return "all files together have more than " + MAXIMUM_TOTAL + " characters";
        }
        try {
            readInto(file, into);
            return "";
        } catch (IOException e) {
            return reason(e);
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

    /** Why something failed, without the file's name. */
    public static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> "No such file or directory";
            case AccessDeniedException _ -> "Permission denied";
            case DirectoryIteratorException iteration -> reason(Objects.requireNonNull(iteration.getCause()));
            case PatternSyntaxException _ -> "not a pattern";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
