/** Apps: list, create, deploy, scale, edit, delete. */
package io.dinp.dash.app;
