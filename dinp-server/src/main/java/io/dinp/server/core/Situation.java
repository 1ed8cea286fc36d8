package io.dinp.server.core;

import io.dinp.common.model.Revision;
import java.util.Map;

/**
 * Everything a plan depends on.
 *
 * @param revisions full specs of the stored revisions, by id
 * @param verdicts live judgements of the health monitor, by instance
 * @param now epoch ms
 */
public record Situation(
        DesiredState desired,
        Map<String, Revision> revisions,
        RealState real,
        RouteView routes,
        Progress progress,
        Map<String, Verdict> verdicts,
        Policy policy,
        Naming naming,
        long now) {}
