/** Sessions: uic's own and those that it lends to services, with the ticket that binds them to a browser. */
package io.dinp.uic.sso;
