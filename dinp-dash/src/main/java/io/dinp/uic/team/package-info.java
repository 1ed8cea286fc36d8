/** Teams and their members. */
package io.dinp.uic.team;
