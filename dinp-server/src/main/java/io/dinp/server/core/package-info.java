/**
 * What the control plane decides, and nothing else: records in, records out. Nothing here reads a clock, draws a random
 * number or talks to anybody, so every decision can be replayed from its inputs.
 */
package io.dinp.server.core;
