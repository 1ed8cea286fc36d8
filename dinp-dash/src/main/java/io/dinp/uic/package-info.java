/** The user information centre: users, teams, and the sign-on that dashboard and builder rely on. */
package io.dinp.uic;
