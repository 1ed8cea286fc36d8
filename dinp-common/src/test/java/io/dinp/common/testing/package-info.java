/** What the tests of all modules share. */
package io.dinp.common.testing;
