package jdpvs.control;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Tells Jackson that a record's component without {@code @Nullable} must be present and not null. */
final class RecordNullability extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
        RecordComponent component = component(member);
        return component == null ? super.hasRequiredMarker(member) : Boolean.valueOf(!nullable(component));
    }

    @Override
    public JsonSetter.Value findSetterInfo(Annotated annotated) {
        RecordComponent component = component(annotated);
        return component == null || nullable(component) || component.getType().isPrimitive()
                ? super.findSetterInfo(annotated)
                : JsonSetter.Value.forValueNulls(Nulls.FAIL);
    }

    private static @Nullable RecordComponent component(Annotated annotated) {
        if (annotated instanceof AnnotatedParameter parameter) {
            Class<?> owner = parameter.getDeclaringClass();
            if (owner.isRecord() && parameter.getOwner().getParameterCount() == owner.getRecordComponents().length) {
                return owner.getRecordComponents()[parameter.getIndex()];
            }
        }
        return null;
    }

    private static boolean nullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
