package dev.sluice.image;

import io.quarkus.redis.datasource.RedisDataSource;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
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
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * The classes of ours that Jackson writes or reads: those in the signatures of resource methods, those in JSON columns, and those
 * whose objects, or whose {@link Class}, flow into a call that makes JSON of them. The flow is followed in bytecode, through
 * local variables, and through parameters of type {@link Object} or {@link Class} to the callers.
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
                                Arrays.stream(type.getDeclaredFields())
                                        .filter(f -> !f.isSynthetic()
                                                && !java.lang.reflect.Modifier.isStatic(f.getModifiers()))
                                        .map(java.lang.reflect.Field::getGenericType),
                                type.getSuperclass() == null ? Stream.of() : Stream.of(type.getSuperclass()))
                        .flatMap(JsonTypes::ours)
                        .forEach(left::add);
            }
        }
        return names;
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
                if (!(instruction instanceof MethodInsnNode call)) {
                    continue;
                }
                Type[] arguments = Type.getArgumentTypes(call.desc);
                for (int i = 0; i < arguments.length; i++) {
                    if (isAny(arguments[i]) && isSink(call, i)) {
                        frames = frames == null ? frames(node, method) : frames;
                        Frame<SourceValue> frame = frames[method.instructions.indexOf(call)];
                        SourceValue value = frame.getStack(frame.getStackSize() - arguments.length + i);
                        value.insns.forEach(source -> flows(node, method, source));
                    }
                }
            }
        }
    }

    private boolean isSink(MethodInsnNode call, int argument) {
        return MAKE_JSON.stream().anyMatch(call.owner::startsWith) && !call.name.equals("header")
                || sinks.contains(new Sink(call.owner, call.name + call.desc, argument));
    }

    private static boolean isAny(Type type) {
        return type.equals(Type.getType(Object.class)) || type.equals(Type.getType(Class.class));
    }

    private void flows(ClassNode node, MethodNode method, AbstractInsnNode source) {
        switch (source) {
            case LdcInsnNode constant when constant.cst instanceof Type type -> flows(node, type);
            case LdcInsnNode _ -> {}
            case InsnNode _ -> {} // null or an array's element, which none is
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
            return; // bytes, which are sent as they are
        }
        Class<?> loaded = load(type.getInternalName());
        if (StreamingOutput.class.isAssignableFrom(loaded)) {
            return;
        }
        if (isAny(type)
                || Iterable.class.isAssignableFrom(loaded) && !loaded.getName().contains("Json")
                || java.util.Map.class.isAssignableFrom(loaded)) {
            untold.add(place(node));
        } else {
            ours(loaded).forEach(found::add);
        }
    }

    private static String place(ClassNode node) {
        return node.name.substring(node.name.lastIndexOf('/') + 1);
    }

    /** Where a parameter comes from. */
    private static final class Parameter extends VarInsnNode {
        private final Type type;
        private final int argument;

        Parameter(Type type, int argument) {
            super(Opcodes.ALOAD, argument);
            this.type = type;
            this.argument = argument;
        }
    }

    private static Frame<SourceValue>[] frames(ClassNode node, MethodNode method) {
        SourceInterpreter interpreter = new SourceInterpreter(Opcodes.ASM9) {
            private int parameters;

            @Override
            public SourceValue newParameterValue(boolean ofAnInstance, int local, Type type) {
                boolean receiver = ofAnInstance && local == 0;
                return new SourceValue(type.getSize(), new Parameter(type, receiver ? -1 : parameters++));
            }

            @Override
            public SourceValue copyOperation(AbstractInsnNode instruction, SourceValue value) {
                return value; // whatever the variables it goes through
            }
        };
        try {
            return new Analyzer<>(interpreter).analyze(node.name, method);
        } catch (AnalyzerException e) {
            throw new IllegalStateException(e);
        }
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
