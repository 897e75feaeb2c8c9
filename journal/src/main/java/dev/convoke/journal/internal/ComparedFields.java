package dev.convoke.journal.internal;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedField;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedMethod;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;

/**
 * The fields of a class that have to come back: all but those that are `transient`, or that Jackson's annotations (of the class, or of a
 * mix-in) leave out of JSON.
 *
 * <p>Fields are read by Jackson's own means, since it is Jackson that a user's module opens its packages to. Confined to the thread that
 * makes it; what it makes is immutable.
 */
final class ComparedFields {
    private final SerializationConfig config;
    private final AnnotationIntrospector annotations;
    private final ClassIntrospector introspector;
    private final AnnotatedClass type;
    private final BeanDescription description;
    private final Set<String> left = new HashSet<>();
    private final Map<Field, AnnotatedField> annotated = new HashMap<>();
    private final Map<String, AnnotatedMember> accessors = new HashMap<>();

    private ComparedFields(ObjectMapper mapper, Class<?> of) {
        config = mapper.serializationConfig();
        annotations = config.getAnnotationIntrospector();
        introspector = config.classIntrospectorInstance().forOperation(config);
        JavaType javaType = mapper.constructType(of);
        type = introspector.introspectClassAnnotations(javaType);
        description = introspector.introspectForSerialization(javaType, type);
        for (AnnotatedMethod method : type.memberMethods()) {
            if (annotations.hasIgnoreMarker(config, method)) {
                left.add(propertyOf(method.getName()));
            }
        }
        left.addAll(annotations.findPropertyIgnoralByName(config, type).getIgnored());
        type.fields().forEach(field -> annotated.put(field.getAnnotated(), field));
        for (BeanPropertyDefinition property : description.findProperties()) {
            AnnotatedMember accessor = property.getAccessor();
            if (accessor != null) {
                accessors.put(property.getInternalName(), accessor);
            }
        }
    }

    private static String propertyOf(String method) {
        String bare = method.replaceFirst("^(?:get|is|set)(?=[A-Z])", "");
        return bare.equals(method) ? method : Character.toLowerCase(bare.charAt(0)) + bare.substring(1);
    }

    /** A field, and how its value is read. */
    record Compared(String owner, String name, AnnotatedMember reader) {
        @Nullable Object of(Object object) {
            return reader.getValue(object);
        }
    }

    /**
     * The fields of the class and of those above it, up to the first of the JDK.
     *
     * @throws IllegalArgumentException if one of them cannot be read, as the class is in a package that is not open
     */
    static List<Compared> of(Class<?> type, ObjectMapper mapper) {
        ComparedFields fields = new ComparedFields(mapper, type);
        List<Compared> compared = new ArrayList<>();
        for (Class<?> at = type; at != null && !isOfJdk(at); at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (fields.comesBack(field)) {
                    compared.add(fields.compared(field));
                }
            }
        }
        return List.copyOf(compared);
    }

    static boolean isOfJdk(Class<?> type) {
        String module = String.valueOf(type.getModule().getName());
        return type.getClassLoader() == null || module.startsWith("java.") || module.startsWith("jdk.");
    }

    private boolean comesBack(Field field) {
        AnnotatedField known = annotated.get(field);
        return !Modifier.isStatic(field.getModifiers())
                && !Modifier.isTransient(field.getModifiers())
                && !field.isSynthetic()
                && !left.contains(field.getName())
                && (known == null || !isLeftOut(known));
    }

    private boolean isLeftOut(AnnotatedField field) {
        AnnotatedClass ofField = introspector.introspectClassAnnotations(field.getType());
        return annotations.hasIgnoreMarker(config, field)
                || isOneWay(String.valueOf(annotations.findPropertyAccess(config, field)))
                || Boolean.TRUE.equals(annotations.isIgnorableType(config, ofField));
    }

    private static boolean isOneWay(String access) {
        return access.equals("READ_ONLY") || access.equals("WRITE_ONLY");
    }

    private Compared compared(Field field) {
        AnnotatedMember reader = annotated.get(field);
        if (reader == null) { // one that a class below hides by one of the same name
            reader = new AnnotatedField(type, field, null);
        }
        if (!isOpen(field.getDeclaringClass())) {
            reader = accessor(field);
        }
        reader.fixAccess(true);
        return new Compared(field.getDeclaringClass().getName(), field.getName(), reader);
    }

    /** Whether Jackson reaches what is private in the class. */
    static boolean isOpen(Class<?> type) {
        return type.getModule().isOpen(type.getPackageName(), ObjectMapper.class.getModule());
    }

    /** What is to be done so that it does. */
    static String howToOpen(Class<?> type) {
        return "let module " + type.getModule().getName() + " open package " + type.getPackageName()
                + " to tools.jackson.databind";
    }

    private AnnotatedMember accessor(Field field) {
        AnnotatedMember accessor = accessors.get(field.getName());
        if (accessor == null) {
            Class<?> owner = field.getDeclaringClass();
            throw new IllegalArgumentException(
                    "field " + field.getName() + " of " + owner.getName() + " cannot be read: " + howToOpen(owner));
        }
        return accessor;
    }
}
