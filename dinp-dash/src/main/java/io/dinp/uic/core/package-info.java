/** Users, teams and the rules about them; no I/O. */
package io.dinp.uic.core;
