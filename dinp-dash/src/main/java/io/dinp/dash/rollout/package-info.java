/** What a person says to a deploy that is under way, and to instances that run. */
package io.dinp.dash.rollout;
