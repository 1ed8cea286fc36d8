package io.dinp.server.sim;

import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.ImagePull;
import io.dinp.common.model.PullState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** The images of a simulated node, and what has become of the orders to have one ready. */
final class SimImages {

    private final Random random;
    private final Set<String> here = new TreeSet<>();
    private final Map<ImageOrder, ImagePull> pulls = new LinkedHashMap<>();
    private final boolean takesOrders;

    /** Of an agent that may be too old to take image orders. */
    SimImages(Random random) {
        this.random = random;
        this.takesOrders = random.nextInt(4) > 0;
    }

    /** How long it takes to have an image. */
    long pullMs(String image) {
        return here.contains(image) ? 1 : 50 + random.nextInt(2_000);
    }

    /** An image has come. */
    void add(String image) {
        here.add(image);
    }

    /** Takes an order; false when it is known already. */
    boolean order(ImageOrder order) {
        return pulls.putIfAbsent(order, told(order, order.digest(), PullState.PULLING, "")) == null;
    }

    /** An order has come to its end. */
    void done(ImageOrder order) {
        if (order.image().contains("nopull")) {
            pulls.put(order, told(order, order.digest(), PullState.FAILED, "no such tag"));
        } else {
            pulls.put(order, told(order, SimContainer.digestOf(order.image()), PullState.READY, ""));
            here.add(order.image());
        }
    }

    /** A new process of the agent knows of no order. */
    void forgetOrders() {
        pulls.clear();
    }

    /** Names for a beat. */
    List<String> names() {
        return List.copyOf(here);
    }

    /** The orders for a beat, null of an agent that takes none. */
    List<ImagePull> pulls() {
        return takesOrders ? List.copyOf(pulls.values()) : null;
    }

    private static ImagePull told(ImageOrder order, String digest, PullState state, String reason) {
        return new ImagePull(order.image(), digest, order.wish(), state, reason);
    }
}
