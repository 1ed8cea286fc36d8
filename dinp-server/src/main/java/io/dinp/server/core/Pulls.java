package io.dinp.server.core;

import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.ImagePull;
import io.dinp.common.model.PullState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a node makes of the images that it was told to have ready.
 *
 * @param known false for an agent that takes no such orders
 * @param all as its last beat has them, orders under way included
 */
public record Pulls(boolean known, List<ImagePull> all) {

    /** Of an agent that takes no image orders, or has not been heard. */
    public static final Pulls UNKNOWN = new Pulls(false, List.of());

    /** Copies the list. */
    public Pulls {
        all = List.copyOf(all);
    }

    /** The same with orders that no beat has shown yet. */
    public Pulls with(Collection<ImageOrder> underWay) {
        List<ImagePull> both = new ArrayList<>(all);
        underWay.forEach(
                order -> both.add(new ImagePull(order.image(), order.digest(), order.wish(), PullState.PULLING, "")));
        return new Pulls(known, both);
    }

    /** True when a beat shows the order. */
    public boolean shows(ImageOrder order) {
        return all.stream()
                .anyMatch(pull ->
                        pull.image().equals(order.image()) && pull.wish().equals(order.wish()));
    }

    /**
     * How far the node has come with what the order asks for; empty when it has to be told. Content is content, whoever wished
     * for it; a tag is asked for anew by each wish, and a failure speaks for its own wish only.
     */
    public Optional<ImagePull> of(ImageOrder order) {
        return all.stream()
                .filter(pull -> answers(pull, order))
                .min(Comparator.<ImagePull, Boolean>comparing(pull -> pull.state() != PullState.READY)
                        .thenComparing(ImagePull::state));
    }

    private static boolean answers(ImagePull pull, ImageOrder order) {
        if (!pull.image().equals(order.image())) {
            return false;
        }
        boolean mine = pull.wish().equals(order.wish());
        if (order.digest().isEmpty()) {
            return mine;
        }
        return pull.digest().equals(order.digest()) && (mine || pull.state() != PullState.FAILED);
    }
}
