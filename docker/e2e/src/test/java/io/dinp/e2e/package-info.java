/** The proofs of issue "End to end on one machine": one class for each group of statements, in the order in which they build on each other. */
package io.dinp.e2e;
