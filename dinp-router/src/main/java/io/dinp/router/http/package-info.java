/** The status port. */
package io.dinp.router.http;
