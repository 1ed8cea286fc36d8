/** Signing on against uic, and who a visitor is to the dashboard. */
package io.dinp.dash.sso;
