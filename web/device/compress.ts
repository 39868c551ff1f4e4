/**
 * zlib by the platform's own CompressionStream: off the main thread, so that the page stays alive
 * while a megabyte is packed. Knows no flash.
 */

/** `bytes` as one zlib stream (RFC 1950), default level. */
export async function zlibCompress(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([Uint8Array.from(bytes)])
    .stream()
    .pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
