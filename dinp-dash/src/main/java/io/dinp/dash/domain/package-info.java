/** Custom domains and what they are bound to. */
package io.dinp.dash.domain;
