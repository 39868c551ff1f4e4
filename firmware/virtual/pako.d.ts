/** The part of pako that the virtual stub uses; pako ships no types of its own. */
declare module 'pako' {
  export class Inflate {
    constructor(options?: { chunkSize?: number });
    /** `flush` 2 = Z_SYNC_FLUSH: hand out what is there. False after an error. */
    push(data: Uint8Array, flush: boolean | number): boolean;
    onData: (chunk: Uint8Array) => void;
    /** zlib's error code, 0 while there is none. */
    readonly err: number;
    readonly ended: boolean;
  }
  export function deflate(data: Uint8Array, options?: { level?: number }): Uint8Array;
}
