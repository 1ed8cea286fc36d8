/** Validated values and the records that go over wires. Nothing here does I/O, so every core may use it. */
package io.dinp.common.model;
