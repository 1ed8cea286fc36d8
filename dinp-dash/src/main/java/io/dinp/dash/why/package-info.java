/** Why an app is as it is: the server's decisions, and the last words of instances that are no more. */
package io.dinp.dash.why;
