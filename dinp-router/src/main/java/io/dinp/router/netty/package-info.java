/**
 * The data plane. Each connection of a client, and the connections to endpoints made for it, live on one event loop, so nothing here
 * locks: {@link io.dinp.router.netty.Worker} is what a loop owns, {@link io.dinp.router.netty.ClientConnection} reads requests,
 * {@link io.dinp.router.netty.Exchange} carries one of them to an endpoint and back, {@link io.dinp.router.netty.UpstreamConnection} reads
 * responses.
 */
package io.dinp.router.netty;
