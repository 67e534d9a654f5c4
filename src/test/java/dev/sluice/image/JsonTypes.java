package dev.sluice.image;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.redis.datasource.RedisDataSource;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jboss.resteasy.reactive.RestResponse;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * The classes of ours that Jackson writes or reads: those in the signatures of resource methods, those in JSON columns, and those
 * whose objects, or whose {@link Class}, flow into a call that makes JSON of them. The flow is followed in bytecode, through
 * local variables, and through parameters of type {@link Object} or {@link Class} to the callers, lambdas and method references
 * among them.
 */
final class JsonTypes {
    private static final String OURS = "dev.sluice.";

    /** Owners, as prefixes, of the methods that make JSON of arguments, or read it by them. */
    private static final List<String> MAKE_JSON = List.of(
            Type.getInternalName(Response.class),
            Type.getInternalName(RestResponse.class),
            Type.getInternalName(RedisDataSource.class).replace("RedisDataSource", ""),
            "com/fasterxml/jackson/databind/Object",
            "com/fasterxml/jackson/core/JsonGenerator");

    /** What is written without reflection. */
    private static final List<Class<?>> AS_THEY_ARE =
            List.of(String.class, Number.class, Boolean.class, JsonNode.class, StreamingOutput.class);

    /** The types of arguments of which JSON is made, or which say what is read from it. */
    private static final Set<Type> ANY = Set.of(
            Type.getType(Object.class),
            Type.getType(Class.class),
            Type.getType(TypeReference.class),
            Type.getType(JavaType.class));

    /** A parameter that flows into JSON: of a method, by its index among the arguments, without the receiver. */
    private record Sink(String owner, String method, int argument) {}

    private final List<ClassNode> classes;
    private final Set<Sink> sinks = new HashSet<>();
    private final Set<Class<?>> found = new HashSet<>();
    private final Set<String> untold = new TreeSet<>();

    private JsonTypes(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            classes = files.filter(f -> f.toString().endsWith(".class"))
                    .map(JsonTypes::parsed)
                    .toList();
        }
    }

    /** Looks at all classes below a directory. */
    static JsonTypes in(Path root) throws IOException {
        JsonTypes types = new JsonTypes(root);
        types.signatures();
        int before;
        do { // until no parameter more is found to flow into JSON
            before = types.sinks.size();
            types.untold.clear();
            types.classes.forEach(types::calls);
        } while (types.sinks.size() > before);
        return types;
    }

    /** The classes, and all classes of ours that their properties have. */
    Set<String> names() {
        Deque<Class<?>> left = new ArrayDeque<>(found);
        Set<String> names = new TreeSet<>();
        while (!left.isEmpty()) {
            Class<?> type = left.remove();
            if (names.add(type.getName())) {
                Stream.concat(
                                properties(type),
                                type.getSuperclass() == null ? Stream.of() : Stream.of(type.getSuperclass()))
                        .flatMap(JsonTypes::ours)
                        .forEach(left::add);
                classes.stream()
                        .map(c -> load(c.name))
                        .filter(type::isAssignableFrom)
                        .forEach(left::add);
            }
        }
        return names;
    }

    private static Stream<java.lang.reflect.Type> properties(Class<?> type) {
        return Stream.concat(
                Arrays.stream(type.getDeclaredFields())
                        .filter(f -> !f.isSynthetic()
                                && !Modifier.isStatic(f.getModifiers())
                                && !f.isAnnotationPresent(JsonIgnore.class))
                        .map(Field::getGenericType),
                Arrays.stream(type.getDeclaredMethods())
                        .filter(m -> m.isAnnotationPresent(JsonProperty.class)
                                || Modifier.isPublic(m.getModifiers())
                                        && !Modifier.isStatic(m.getModifiers())
                                        && m.getName().startsWith("get")
                                        && m.getParameterCount() == 0)
                        .map(Method::getGenericReturnType));
    }

    /** The classes in which something flows into JSON whose type bytecode does not tell. */
    Set<String> untold() {
        return untold;
    }

    private void signatures() {
        for (ClassNode node : classes) {
            Class<?> type = load(node.name);
            for (Method method : type.getDeclaredMethods()) {
                if (Arrays.stream(method.getAnnotations())
                        .anyMatch(a -> a.annotationType().isAnnotationPresent(HttpMethod.class))) {
                    ours(method.getGenericReturnType()).forEach(found::add);
                    Arrays.stream(method.getParameters())
                            .filter(p -> p.getAnnotations().length == 0) // the body
                            .flatMap(p -> ours(p.getParameterizedType()))
                            .forEach(found::add);
                }
            }
            Arrays.stream(type.getDeclaredFields())
                    .filter(f -> f.isAnnotationPresent(JdbcTypeCode.class)
                            && f.getAnnotation(JdbcTypeCode.class).value() == SqlTypes.JSON)
                    .flatMap(f -> ours(f.getGenericType()))
                    .forEach(found::add);
        }
    }

    private void calls(ClassNode node) {
        for (MethodNode method : node.methods) {
            Frame<SourceValue>[] frames = null;
            for (AbstractInsnNode instruction : method.instructions) {
                Call call = Call.of(instruction).orElse(null);
                if (call == null) {
                    continue;
                }
                Type[] arguments = Type.getArgumentTypes(call.desc());
                for (int i = 0; i < arguments.length; i++) {
                    if (!isAny(arguments[i]) || !isSink(call, i)) {
                        continue;
                    }
                    if (i >= call.onStack()) {
                        flows(node, call.given().get(i - call.onStack()));
                        continue;
                    }
                    frames = frames == null ? Parameter.frames(node, method) : frames;
                    Frame<SourceValue> frame = frames[method.instructions.indexOf(instruction)];
                    SourceValue value = frame.getStack(frame.getStackSize() - call.onStack() + i);
                    value.insns.forEach(source -> flows(node, method, source));
                }
            }
        }
    }

    private boolean isSink(Call call, int argument) {
        return MAKE_JSON.stream().anyMatch(call.owner()::startsWith)
                        && !call.name().equals("header")
                || sinks.stream()
                        .anyMatch(s -> s.argument == argument
                                && s.method.equals(call.name() + call.desc())
                                && areRelated(load(s.owner), load(call.owner())));
    }

    /** Whether a call of a method of one may be one of the other's. */
    private static boolean areRelated(Class<?> one, Class<?> other) {
        return one.isAssignableFrom(other) || other.isAssignableFrom(one);
    }

    private static boolean isAny(Type type) {
        return ANY.contains(type);
    }

    private void flows(ClassNode node, MethodNode method, AbstractInsnNode source) {
        switch (source) {
            case LdcInsnNode constant when constant.cst instanceof Type type -> flows(node, type);
            case LdcInsnNode _ -> {}
            case InsnNode none when none.getOpcode() == Opcodes.ACONST_NULL -> {}
            case TypeInsnNode type -> flows(node, Type.getObjectType(type.desc));
            case FieldInsnNode field -> flows(node, Type.getType(field.desc));
            case MethodInsnNode call -> flows(node, Type.getReturnType(call.desc));
            case Parameter parameter -> {
                if (isAny(parameter.type)) {
                    sinks.add(new Sink(node.name, method.name + method.desc, parameter.argument));
                } else {
                    flows(node, parameter.type);
                }
            }
            default -> untold.add(place(node));
        }
    }

    private void flows(ClassNode node, Type type) {
        if (type.getSort() == Type.ARRAY) {
            flows(node, type.getElementType());
        } else if (type.getSort() == Type.OBJECT) {
            Class<?> loaded = load(type.getInternalName());
            if (AS_THEY_ARE.stream().anyMatch(c -> c.isAssignableFrom(loaded))) {
                return;
            }
            if (loaded.getName().startsWith(OURS)) {
                found.add(loaded);
            }
            if (!loaded.getName().startsWith(OURS) || loaded.getTypeParameters().length > 0) {
                untold.add(place(node));
            }
        }
    }

    private static String place(ClassNode node) {
        return node.name.substring(node.name.lastIndexOf('/') + 1);
    }

    private static Stream<Class<?>> ours(java.lang.reflect.Type type) {
        return switch (type) {
            case Class<?> c when c.isArray() -> ours(c.getComponentType());
            case Class<?> c -> c.getName().startsWith(OURS) ? Stream.of(c) : Stream.of();
            case ParameterizedType p ->
                Stream.concat(Stream.of(p.getRawType()), Arrays.stream(p.getActualTypeArguments()))
                        .flatMap(JsonTypes::ours);
            case WildcardType w -> Arrays.stream(w.getUpperBounds()).flatMap(JsonTypes::ours);
            default -> Stream.of();
        };
    }

    private static Class<?> load(String internalName) {
        try {
            return Class.forName(internalName.replace('/', '.'), false, JsonTypes.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClassNode parsed(Path file) {
        try {
            ClassNode node = new ClassNode();
            new ClassReader(Files.readAllBytes(file)).accept(node, ClassReader.SKIP_DEBUG);
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
