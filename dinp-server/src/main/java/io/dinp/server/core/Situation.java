package io.dinp.server.core;

import io.dinp.common.model.Revision;
import java.util.Map;

/**
 * Everything a plan depends on.
 *
 * @param revisions full specs of the stored revisions, by id
 * @param verdicts live judgements of the health monitor, by instance
 * @param commands what operators have said to deploys since the last plan, by app
 * @param now epoch ms
 */
public record Situation(
        DesiredState desired,
        Map<String, Revision> revisions,
        RealState real,
        RouteView routes,
        Progress progress,
        Map<String, Verdict> verdicts,
        Map<String, RolloutCommand> commands,
        Policy policy,
        Naming naming,
        long now) {}
