/** Users: accounts, passwords, profiles, administration. */
package io.dinp.uic.user;
