package jdpvs.control;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random values of the API's records: every component drawn by its type, null where it may be. */
final class Samples {
    private final RandomGenerator random;

    Samples(RandomGenerator random) {
        this.random = random;
    }

    <T> T of(Class<T> type) {
        return type.cast(value(type));
    }

    List<Change> changes(int count) {
        Class<?>[] kinds = Change.class.getPermittedSubclasses();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add((Change) value(kinds[random.nextInt(kinds.length)]));
        }
        return changes;
    }

    private Object value(Type type) {
        if (type instanceof ParameterizedType list) {
            List<Object> values = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                values.add(value(list.getActualTypeArguments()[0]));
            }
            return List.copyOf(values);
        }
        Class<?> c = (Class<?>) type;
        if (c == int.class) {
            return random.nextInt();
        } else if (c == long.class || c == Long.class) {
            return random.nextLong();
        } else if (c == boolean.class || c == Boolean.class) {
            return random.nextBoolean();
        } else if (c == double.class) {
            return random.nextDouble();
        } else if (c == String.class) {
            return text();
        } else if (c == ByteBuffer.class) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            return ByteBuffer.wrap(bytes);
        } else if (c == IpAddress.class) {
            return random.nextBoolean()
                    ? IpAddress.ofIpv4(random.nextInt())
                    : new IpAddress(true, random.nextLong(), random.nextInt(3) == 0 ? 0 : random.nextLong());
        } else if (c.isEnum()) {
            return c.getEnumConstants()[random.nextInt(c.getEnumConstants().length)];
        }
        return record(c);
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            AnnotatedType annotated = components[i].getAnnotatedType();
            boolean none = annotated.isAnnotationPresent(Nullable.class) && random.nextInt(3) == 0;
            types[i] = components[i].getType();
            values[i] = none ? null : value(components[i].getGenericType());
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append((char) (random.nextInt(8) == 0 ? random.nextInt(0xd800) : ' ' + random.nextInt(95)));
        }
        return text.toString();
    }
}
