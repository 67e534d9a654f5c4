package dev.sluice.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.ZipFile;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * Quarkus initializes every class while it builds a native image, and what its static fields lead to becomes the image's heap. The
 * compiler stops at objects that stand for something of the process that builds.
 */
class ImageHeapTest {
    private static final Path CLASSES = Path.of("target/classes");

    private static final List<Class<?>> REFUSED = List.of(
            InetAddress.class,
            Thread.class,
            ExecutorService.class,
            Random.class,
            SplittableRandom.class,
            FileDescriptor.class,
            Channel.class,
            Process.class,
            ZipFile.class,
            Inflater.class,
            Deflater.class);

    /** Where the walk ends: classes and what names them lead to all of the JVM, and Quarkus replaces loggers by its own. */
    private static final List<Class<?>> ENDS =
            List.of(Class.class, ClassLoader.class, VarHandle.class, Locale.class, Logger.class, Reference.class);

    /** An object, and the fields that lead to it. */
    private record Found(String path, Object object) {}

    @Test
    void staticFieldsLeadToNothingThatTheImageHeapRefuses() throws IOException {
        List<Class<?>> ours = classes();

        assertThat(ours).hasSizeGreaterThan(250);
        assertThat(refused(ours)).isEmpty();
    }

    @SuppressWarnings("unused")
    private static final class Planted {
        static final List<List<InetSocketAddress>> ADDRESS =
                List.of(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
        static final Runnable CAPTURED = captured(Thread.currentThread());
        static final Map<String, Object[]> RANDOM = Map.of("random", new Object[] {new Random(1)});
        static final SplittableRandom SPLITTABLE = new SplittableRandom(1);
        static final ByteBuffer DIRECT = ByteBuffer.allocateDirect(1);
        static final Buffer MAPPED = mapped();
        static final ExecutorService EXECUTOR = Executors.newVirtualThreadPerTaskExecutor();
        static final FileInputStream STREAM = new FileInputStream(FileDescriptor.in);
        static final ByteBuffer ON_THE_HEAP = ByteBuffer.allocate(1);

        private static Runnable captured(Thread thread) {
            return thread::interrupt;
        }

        private static Buffer mapped() {
            try (FileChannel pom = FileChannel.open(Path.of("pom.xml"))) {
                return pom.map(MapMode.READ_ONLY, 0, 1).asLongBuffer();
            } catch (IOException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    @Test
    void whatIsRefusedIsFoundBehindCollectionsArraysAndLambdas() {
        assertThat(refused(List.of(Planted.class)).stream().map(path -> path.split("[ .]", 3)[1]))
                .containsOnly("ADDRESS", "CAPTURED", "RANDOM", "SPLITTABLE", "DIRECT", "MAPPED", "EXECUTOR", "STREAM");
    }

    private static List<Class<?>> classes() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(name -> name.endsWith(".class"))
                    .<Class<?>>map(
                            name -> initialized(name.replace(".class", "").replace('/', '.')))
                    .toList();
        }
    }

    private static Class<?> initialized(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How static fields lead to objects that are refused. */
    private static List<String> refused(List<Class<?>> classes) {
        Deque<Found> left = new ArrayDeque<>();
        classes.forEach(type -> fields(type)
                .filter(f -> Modifier.isStatic(f.getModifiers()))
                .forEach(f -> left.add(new Found(type.getSimpleName() + "." + f.getName(), value(f, null)))));
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<String> refused = new ArrayList<>();
        while (!left.isEmpty()) {
            Found found = left.remove();
            Object object = found.object();
            if (object == null || !seen.add(object)) {
                continue;
            }
            if (isRefused(object)) {
                refused.add(found.path() + " is a " + object.getClass().getName());
            } else if (ENDS.stream().noneMatch(end -> end.isInstance(object))) {
                parts(found).forEach(left::add);
            }
        }
        return refused;
    }

    private static boolean isRefused(Object object) {
        return REFUSED.stream().anyMatch(type -> type.isInstance(object))
                || object instanceof Buffer buffer && buffer.isDirect();
    }

    private static Stream<Found> parts(Found found) {
        Object object = found.object();
        if (object.getClass().isArray()) {
            return object.getClass().getComponentType().isPrimitive()
                    ? Stream.of()
                    : IntStream.range(0, Array.getLength(object))
                            .mapToObj(i -> new Found(found.path() + "[" + i + "]", Array.get(object, i)));
        }
        return Stream.<Class<?>>iterate(object.getClass(), c -> c != null, Class::getSuperclass)
                .flatMap(ImageHeapTest::fields)
                .filter(f -> !Modifier.isStatic(f.getModifiers()))
                .map(f -> new Found(found.path() + "." + f.getName(), value(f, object)));
    }

    private static Stream<Field> fields(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields()).filter(f -> !f.getType().isPrimitive());
    }

    /** Of a class of the JDK only if its package is opened, which the configuration of Surefire does for those that are met. */
    private static Object value(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
