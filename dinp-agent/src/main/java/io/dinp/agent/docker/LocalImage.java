package io.dinp.agent.docker;

import java.util.List;

/**
 * An image on the node's disk.
 *
 * @param id the engine's id
 * @param digest its digest in the repository that was asked for, empty when it has none there
 * @param names all its tags and digests
 * @param fetched whether it was not on the disk before this agent pulled it
 */
public record LocalImage(String id, String digest, List<String> names, boolean fetched) {
    LocalImage asFetched(boolean fresh) {
        return new LocalImage(id, digest, names, fresh);
    }
}
