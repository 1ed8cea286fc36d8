/** Settings from a file and the environment: typed, all errors at once, secrets masked. */
package io.dinp.common.config;
