/** The dashboard: where users create, deploy, scale and name their apps. MySQL is its only store; the server acts. */
package io.dinp.dash;
