package io.dinp.server.core;

import java.util.List;

/**
 * What one app brought into a plan and stays there for as long as nothing is new.
 *
 * @param instances all that it has on nodes that are not lost, in the order of the nodes
 * @param routes its entries of the table
 * @param live ids of its instances that have not come to their end, those just ordered included
 * @param calm nothing was asked for, told or remembered for it, and nothing was looked at that it shares with other apps or that the clock
 *     changes: a plan from the same row, rollout, instances and endpoints finds the same
 */
record AppPart(List<Instance> instances, AppRoutes routes, List<String> live, boolean calm) {}
