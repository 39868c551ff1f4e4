/** The part of pako that the virtual stub uses; pako ships no types of its own. */
declare module 'pako' {
  export class Inflate {
    constructor(options?: { chunkSize?: number });
    /** `flush` false: output is handed out when a chunk is full or the stream has ended. */
    push(data: Uint8Array, flush: boolean | number): boolean;
    onData: (chunk: Uint8Array) => void;
    /** zlib's error code, 0 while there is none. */
    readonly err: number;
    /** zlib's own words for it. */
    readonly msg: string;
    readonly ended: boolean;
  }
  export function deflate(data: Uint8Array, options?: { level?: number }): Uint8Array;
}
