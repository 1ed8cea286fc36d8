/**
 * The web shell that dash and uic share: JFinal on its Undertow, one guard before every action, escaping templates and
 * the security headers. Knows nothing of apps or users' passwords.
 */
package io.dinp.web;
