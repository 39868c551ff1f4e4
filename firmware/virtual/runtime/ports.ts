/**
 * What a running program may use of the board: the imports of the WebAssembly ABI, version 1, as
 * TypeScript. Times are virtual ms since boot. Knows no WebAssembly.
 */

/** Types of values in the key–value store, as the ABI numbers them. */
export const KV_TYPE = { u32: 0, string: 1, blob: 2 } as const;
export type KvType = (typeof KV_TYPE)[keyof typeof KV_TYPE];

/** One NVS partition, namespace `jambox`. */
export interface KeyValueReader {
  /** u32: 4 bytes; string: without its NUL; null: absent or of another type. */
  get(key: string, type: KvType): Uint8Array | null;
}

export interface KeyValueStore extends KeyValueReader {
  /** False: no room. */
  set(key: string, type: KvType, value: Uint8Array): boolean;
  erase(key: string): void;
  eraseAll(): void;
}

/** Part of the flash, addressed from 0. Methods return false when the range leaves it. */
export interface FlashRegion {
  read(offset: number, length: number): Uint8Array | null;
  write(offset: number, data: Uint8Array): boolean;
  erase(offset: number, length: number): boolean;
}

/** The two places for an app image; which one starts is the bootloader's business. */
export interface SlotPort {
  /** The image that runs: writing and erasing fail. */
  readonly running: FlashRegion;
  readonly next: FlashRegion;
  /** From the next restart on the other slot runs, on trial. False: it holds no good image. */
  setBootNext(): boolean;
  /** The running image is on trial. */
  pendingVerify(): boolean;
  confirm(): boolean;
  /** A restart without confirming would find an earlier image. */
  canGoBack(): boolean;
}

/** How much memory the program's chip has left, bytes. */
export interface HeapPort {
  readonly free: number;
  /** The least of it since the start. */
  readonly least: number;
  /** A receiver listens: its driver takes its part, once. */
  start(driver: 'wifi' | 'ble'): void;
}

export interface AppPorts {
  uptimeMs(): number;
  uartWrite(bytes: Uint8Array): void;
  /** At most `capacity` bytes; empty when there are none. */
  uartRead(capacity: number): Uint8Array;
  consoleWrite(bytes: Uint8Array): void;
  consoleRead(capacity: number): Uint8Array;
  nvs: KeyValueStore;
  fctry: KeyValueReader;
  /** OTA download. */
  patch: FlashRegion;
  /** Journal of readings. */
  readings: FlashRegion;
  slots: SlotPort;
  /** 0 off, 1 Wi-Fi, 2 BLE. @returns 0 when that receiver does not listen */
  radioMode(mode: number, channel: number): number;
  radioNext(): Uint8Array | null;
  led(r: number, g: number, b: number): void;
  /** Bit 0: top button pressed. */
  buttons(): number;
  /** Takes effect after the current tick. */
  restart(): void;
  resetReason(): number;
  /** Bytes of heap that are free, and the least of it since the start. */
  heapFree(): number;
  heapLeast(): number;
  random(length: number): Uint8Array;
  /** The chip's base MAC, six bytes. */
  mac(): Uint8Array;
}
