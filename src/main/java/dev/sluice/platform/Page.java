package dev.sluice.platform;

import java.util.List;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * A part of a list, from where the one before ended.
 *
 * @param next the path of the part after it; {@code null} if this is the last one
 */
public record Page<T>(List<T> items, String next) {
    /** Items of a part at most. */
    public static final int SIZE = 100;

    /**
     * Answers with a part; the next one is in the header Link too (RFC 8288).
     *
     * @param found up to {@link #SIZE} items and one more if there is one
     * @param next the path of what comes after an item
     */
    public static <E, T> RestResponse<Page<T>> of(List<E> found, Function<E, T> view, Function<E, ?> next) {
        List<T> items = found.stream().limit(SIZE).map(view).toList();
        String path =
                found.size() <= SIZE ? null : next.apply(found.get(SIZE - 1)).toString();
        return linked(new Page<>(items, path), path);
    }

    /** @param next as {@link #next} */
    static <T> RestResponse<T> linked(T part, String next) {
        return next == null
                ? RestResponse.ok(part)
                : RestResponse.ResponseBuilder.ok(part)
                        .header("Link", "<" + next + ">; rel=\"next\"")
                        .build();
    }
}
