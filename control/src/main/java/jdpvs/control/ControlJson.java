package jdpvs.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Records of this package ⇄ JSON (RFC 8259). Strict in what it reads: unknown, duplicate and missing members, nulls where the record
 * has no {@code @Nullable}, and numbers in strings are refused with a {@link JsonException} whose message is a sentence. Members that may
 * be null may be left out.
 */
public final class ControlJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .annotationIntrospector(new RecordNullability())
            .build();

    static {
        MAPPER.registerSubtypes(Change.class.getPermittedSubclasses());
    }

    private static final ObjectReader CHANGES =
            MAPPER.readerFor(MAPPER.getTypeFactory().constructCollectionType(List.class, Change.class));

    private ControlJson() {}

    /** One line without a line feed. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "no JSON form for " + value.getClass().getName(), e);
        }
    }

    /** A list of changes; the element type is given so that each change names its type. */
    public static byte[] writeChanges(List<Change> changes) {
        try {
            return MAPPER.writerFor(MAPPER.getTypeFactory().constructCollectionType(List.class, Change.class))
                    .writeValueAsBytes(changes);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON form for a list of changes", e);
        }
    }

    /** For people: indented. */
    public static String pretty(Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "no JSON form for " + value.getClass().getName(), e);
        }
    }

    public static <T> T read(byte[] json, Class<T> type) throws JsonException {
        return sentence(() -> MAPPER.readValue(json, type), type.getSimpleName());
    }

    public static <T> List<T> readList(byte[] json, Class<T> element) throws JsonException {
        JavaType type = MAPPER.getTypeFactory().constructCollectionType(List.class, element);
        List<T> list = sentence(() -> MAPPER.readValue(json, type), "list of " + element.getSimpleName());
        return checked(list);
    }

    /** The body of a transaction. */
    public static List<Change> readChanges(byte[] json) throws JsonException {
        List<Change> list = sentence(() -> CHANGES.readValue(json), "list of changes");
        return checked(list);
    }

    /** Everything up to the end, at most {@code limit} bytes. */
    public static byte[] readBody(InputStream in, int limit) throws IOException {
        byte[] bytes = in.readNBytes(limit);
        if (bytes.length == limit && in.read() >= 0) {
            throw new JsonException("the request is longer than " + limit + " bytes");
        }
        return bytes;
    }

    private static <T> List<T> checked(List<T> list) throws JsonException {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == null) {
                throw new JsonException("element " + i + " of the list is null");
            }
        }
        return list;
    }

    private static <T> T sentence(Reading<T> reading, String what) throws JsonException {
        T value;
        try {
            value = reading.read();
        } catch (JsonMappingException e) {
            throw new JsonException("bad " + what + at(e) + ": " + firstLine(e));
        } catch (JsonProcessingException e) {
            throw new JsonException("bad JSON: " + firstLine(e));
        } catch (IOException | IllegalArgumentException e) {
            throw new JsonException("bad " + what + ": " + e.getMessage());
        }
        if (value == null) {
            throw new JsonException("bad " + what + ": it is null");
        }
        return value;
    }

    /** Where in the value: {@code at [3].service.port}. */
    private static String at(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            } else if (step.getIndex() >= 0) {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.isEmpty() ? "" : " at " + path;
    }

    /** Jackson's own reason without its source positions; an exception of ours from a constructor in its own words. */
    private static String firstLine(JsonProcessingException e) {
        if (e.getCause() instanceof IllegalArgumentException ours && ours.getMessage() != null) {
            return ours.getMessage();
        }
        String message = e.getOriginalMessage();
        if (message == null) {
            return e.getClass().getSimpleName();
        }
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /** The text is not the JSON form of what was expected; the message is a sentence that says where and why. */
    public static final class JsonException extends IOException {
        private static final long serialVersionUID = 1L;

        public JsonException(String sentence) {
            super(sentence);
        }
    }
}
