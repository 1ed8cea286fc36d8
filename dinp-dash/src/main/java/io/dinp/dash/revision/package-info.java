/** What an app was made from, and the way back to it. */
package io.dinp.dash.revision;
