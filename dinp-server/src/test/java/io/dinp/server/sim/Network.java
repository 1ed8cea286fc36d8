package io.dinp.server.sim;

import io.dinp.common.model.HeartbeatReply;
import io.dinp.common.model.NodeReport;
import io.dinp.server.SimServer;
import io.dinp.server.agents.Agents;
import io.dinp.server.core.Action;
import io.dinp.server.state.OrderResult;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What lies between the server and the nodes: orders go one way, beats the other. Either may be lost, come twice, or come
 * long after its sender has given up.
 */
final class Network {

    private static final int AT_ONCE = 4;
    private static final int ORDER_TIMEOUT_MS = (int) Agents.PATIENCE_MS;
    private static final int BEAT_TIMEOUT_MS = 1_000;
    private static final int LATEST_MS = 20_000;

    private final Random random;
    private final Timeline time;
    private final Trace trace;
    private final Map<String, SimNode> nodes;
    private final Supplier<Optional<SimServer>> server;
    private final Consumer<Action> sent;
    private final Map<String, Link> links = new HashMap<>();
    private final Map<String, Long> heard = new HashMap<>();
    /** By node, when each beat that was the newest so far was made, to when it was taken. */
    private final Map<String, TreeMap<Long, Long>> heardOf = new HashMap<>();

    private final Map<String, Long> newest = new HashMap<>();
    /** Nodes from and to which nothing comes. */
    final Set<String> cut = new HashSet<>();
    /** Nodes whose beats do not come, though orders do. */
    final Set<String> mute = new HashSet<>();

    boolean ordersSuffer;
    boolean beatsSuffer;

    /**
     * A network without faults.
     *
     * @param sent told of each order before it goes
     */
    Network(
            Random random,
            Timeline time,
            Trace trace,
            Map<String, SimNode> nodes,
            Supplier<Optional<SimServer>> server,
            Consumer<Action> sent) {
        this.random = random;
        this.time = time;
        this.trace = trace;
        this.nodes = nodes;
        this.server = server;
        this.sent = sent;
    }

    /** When the server first heard a beat of a node that was made at a time or later; now, when it has not yet. */
    long heardOf(String ip, long made) {
        Map.Entry<Long, Long> first = heardOf.getOrDefault(ip, new TreeMap<>()).ceilingEntry(made);
        return first == null ? time.now() : first.getValue();
    }

    /** When a beat of a node was last taken by any server. */
    long heard(String ip) {
        return heard.getOrDefault(ip, 0L);
    }

    // ---- beats

    /** An agent's way to the server: one call at a time, the newest report next. */
    private final class Link {
        private final SimNode node;
        private NodeReport next;
        private boolean busy;
        private long turn;

        Link(SimNode node) {
            this.node = node;
        }

        void offer(NodeReport report) {
            next = report;
            if (!busy) {
                call();
            }
        }

        private void call() {
            NodeReport report = next;
            next = null;
            busy = true;
            long mine = ++turn;
            int agent = node.life();
            carry(node, report, reply -> {
                if (mine == turn && agent == node.life()) {
                    node.release(reply.releasedPorts());
                    done(mine);
                }
            });
            time.after(BEAT_TIMEOUT_MS, () -> done(mine));
        }

        private void done(long mine) {
            if (mine == turn && busy) {
                busy = false;
                turn++;
                if (next != null) {
                    call();
                }
            }
        }
    }

    /** An agent has something to tell. */
    void beats(SimNode node) {
        if (node.engineDown) {
            if (!isCut(node.ip)) {
                time.after(2, () -> server.get().ifPresent(s -> s.down(node.ip)));
            }
            return;
        }
        links.computeIfAbsent(node.ip, ip -> new Link(node)).offer(node.report());
    }

    private boolean isCut(String ip) {
        return cut.contains(ip) || mute.contains(ip);
    }

    private void carry(SimNode node, NodeReport report, Consumer<HeartbeatReply> answer) {
        int fate = beatsSuffer ? random.nextInt(12) : 11;
        if (isCut(node.ip)) {
            if (fate == 0) {
                time.after(random.nextInt(LATEST_MS), arrival(report, reply -> {}));
            }
            return;
        }
        switch (fate) {
            case 0 -> trace.say(time.now(), "beat of {} lost", node.ip);
            case 1 -> time.after(random.nextInt(LATEST_MS), arrival(report, reply -> {}));
            case 2 -> {
                time.after(1, arrival(report, answer));
                time.after(random.nextInt(LATEST_MS), arrival(report, reply -> {}));
            }
            case 3 -> time.after(random.nextInt(900), arrival(report, answer));
            default -> time.after(1 + random.nextInt(3), arrival(report, answer));
        }
    }

    /** The connection leads to one process of the server: what it carries late reaches no other. */
    private Runnable arrival(NodeReport report, Consumer<HeartbeatReply> answer) {
        Optional<SimServer> to = server.get();
        long made = time.now();
        return () -> server.get()
                .filter(process -> to.filter(t -> t == process).isPresent())
                .ifPresent(process -> {
                    HeartbeatReply reply = process.beat(report);
                    if (report.seq() >= newest.getOrDefault(report.ip(), 0L)) {
                        newest.put(report.ip(), report.seq());
                        heard.put(report.ip(), time.now());
                        heardOf.computeIfAbsent(report.ip(), ip -> new TreeMap<>())
                                .putIfAbsent(made, time.now());
                    }
                    time.after(1, () -> answer.accept(reply));
                });
    }

    // ---- orders

    /** The way to the agents for one process of the server. */
    Agents agents(Life life) {
        return new Lanes(life);
    }

    private final class Lanes implements Agents {
        private final Life life;
        private final Map<String, Queue<Runnable>> waiting = new HashMap<>();
        private final Map<String, Integer> running = new HashMap<>();

        Lanes(Life life) {
            this.life = life;
        }

        @Override
        public void send(Action action, int agentPort, LongSupplier until, Consumer<OrderResult> done) {
            trace.say(time.now(), "order {}", action);
            sent.accept(action);
            enter(
                    action.node(),
                    () -> order(action, until.getAsLong(), result -> {
                        leave(action.node());
                        done.accept(result);
                    }));
        }

        @Override
        public void logs(String node, int agentPort, String instance, Consumer<List<String>> done) {
            boolean there = nodes.get(node).answers() && !cut.contains(node);
            enter(
                    node,
                    () -> life.after(there ? 5 : ORDER_TIMEOUT_MS, () -> {
                        leave(node);
                        done.accept(there ? List.of("a line") : List.of());
                    }));
        }

        private void enter(String node, Runnable call) {
            if (running.merge(node, 1, Integer::sum) <= AT_ONCE) {
                life.after(0, call);
            } else {
                running.merge(node, -1, Integer::sum);
                waiting.computeIfAbsent(node, ip -> new ArrayDeque<>()).add(call);
            }
        }

        private void leave(String node) {
            running.merge(node, -1, Integer::sum);
            Queue<Runnable> line = waiting.get(node);
            if (line != null && !line.isEmpty()) {
                enter(node, line.remove());
            }
        }

        private void order(Action action, long until, Consumer<OrderResult> done) {
            SimNode node = nodes.get(action.node());
            int fate = ordersSuffer ? random.nextInt(12) : 11;
            if (cut.contains(node.ip) || !node.isUp()) {
                settle(ORDER_TIMEOUT_MS, new OrderResult.Refused("no connection within 3 s"), done);
            } else if (!node.answers()) {
                settle(2, new OrderResult.Refused("connection refused"), done);
            } else if (fate <= 2) {
                if (fate == 1) {
                    time.after(ORDER_TIMEOUT_MS + random.nextInt(LATEST_MS), () -> obey(action, until));
                } else if (fate == 2) {
                    time.after(1 + random.nextInt(ORDER_TIMEOUT_MS), () -> obey(action, until));
                }
                settle(ORDER_TIMEOUT_MS, new OrderResult.Unknown("timed out"), done);
            } else {
                if (fate == 3) {
                    time.after(random.nextInt(LATEST_MS), () -> obey(action, until));
                }
                arrive(action, until, fate == 4 ? random.nextInt(ORDER_TIMEOUT_MS - 10) : 1 + random.nextInt(8), done);
            }
        }

        private void arrive(Action action, long until, long ms, Consumer<OrderResult> done) {
            time.after(ms, () -> {
                settle(1, obey(action, until), done);
            });
        }

        private void settle(long ms, OrderResult result, Consumer<OrderResult> done) {
            life.after(ms, () -> {
                trace.say(time.now(), "  {}", result);
                done.accept(result);
            });
        }
    }

    private OrderResult obey(Action action, long until) {
        SimNode node = nodes.get(action.node());
        if (!node.answers()) {
            return new OrderResult.Unknown("connection reset");
        }
        if (!(action instanceof Action.Pull) && until > 0 && node.clock() > until) {
            trace.say(time.now(), "{} comes too late", action);
            return new OrderResult.Refused("the agent answered 409: too late");
        }
        if (action instanceof Action.Start start) {
            node.put(start.spec());
        } else if (action instanceof Action.Pull pull) {
            node.pull(pull.order());
        } else {
            node.delete(action.instance(), action instanceof Action.Stop stop ? stop.graceSeconds() : 0);
        }
        return new OrderResult.Accepted();
    }
}
