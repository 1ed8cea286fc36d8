/**
 * Single sign-on against uic, shared by dashboard and builder: the contract's {@code /sso/*} protocol with the one-time
 * ticket that closes its session fixation. Free of any web framework; the services bring cookies and redirects.
 */
package io.dinp.common.sso;
