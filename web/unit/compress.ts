/**
 * zlib by the platform's own CompressionStream: off the main thread, so that the page stays alive
 * while a megabyte is packed. Divides the stream for the wire. Knows no flash.
 */

/** `bytes` as one zlib stream (RFC 1950), default level. */
export async function zlibCompress(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([Uint8Array.from(bytes)])
    .stream()
    .pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/**
 * `stream` in pieces of nearly the same length, `maxBytes` at most. The last is never a mere tail:
 * a piece that holds only the end of a zlib stream comes when all its output is written, and some
 * stubs refuse that (C9).
 */
export function divide(stream: Uint8Array, maxBytes: number): Uint8Array[] {
  const count = Math.ceil(stream.length / maxBytes);
  return Array.from({ length: count }, (_, i) =>
    stream.subarray(
      Math.floor((i * stream.length) / count),
      Math.floor(((i + 1) * stream.length) / count),
    ),
  );
}
