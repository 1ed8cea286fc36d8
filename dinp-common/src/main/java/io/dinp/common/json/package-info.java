/** One way to read and write JSON. */
package io.dinp.common.json;
