/** The environment variables of an app. */
package io.dinp.dash.env;
