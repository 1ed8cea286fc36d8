/** How images come to the node for instances, ahead of them or with them, and how they go again. */
package io.dinp.agent.images;
