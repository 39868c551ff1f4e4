/**
 * Where objects run and keep their data: part of each one's id, so the same name elsewhere is
 * another object, with nothing in it. Said once for all of a Worker's shards, before the first.
 */

/** As Cloudflare names them; it alone knows which there are. */
export interface Somewhere<N> {
  jurisdiction(name: string): N;
}

/** @param name `eu`, for one; left out or empty, anywhere. workerd by itself has none */
export function within<N extends object>(namespace: N, name: string | undefined): N {
  return name ? (namespace as unknown as Somewhere<N>).jurisdiction(name) : namespace;
}
