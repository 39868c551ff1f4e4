/**
 * What the use-cases need from the outside, as small interfaces that belong to them. Adapters in
 * web/unit, web/api and web/storage implement these; web/main.ts puts the two together. Knows no
 * browser interface.
 *
 * Every method rejects with an AppError and nothing else.
 */
import type { ConsoleAnswer, ConsoleItem, ConsoleRequest } from '../../shared/console/records.ts';
import type { RegisterRequest, Settings, UnitStatus } from '../../shared/contracts/portal.ts';
import type {
  FirmwareBundle,
  FlashPlace,
  FlashProgress,
  FlashRegion,
  RegionWrite,
  WriteProgress,
  WriteReport,
} from './flash-types.ts';
import type { ChipInfo, LedColour, Target } from './unit-state.ts';

/** One unit that can be talked to; where its bytes travel is the adapter's secret. */
export interface UnitPort {
  readonly kind: 'usb' | 'virtual';
  /** Some connection of this page uses it now, perhaps under another handle. Absent: unknown. */
  isOpen?(): boolean;
  /** A connection over the port, which stays closed until the connection's first command. */
  connect(listener: ConnectionListener): Promise<UnitConnection>;
}

/** Where units come from. */
export interface UnitPorts {
  /** False in a browser without Web Serial; `choose` then rejects with `serial_unsupported`. */
  readonly supported: boolean;
  /** Shows the browser's list; call it from a click. Rejects with `port_not_chosen`. */
  choose(): Promise<UnitPort>;
  /** Units the person has allowed before. */
  known(): Promise<UnitPort[]>;
  /**
   * Calls `fn` when one of those is plugged in, or back after a reset; the result stops it. The
   * same port is the same object.
   */
  onArrival(fn: (port: UnitPort) => void): () => void;
  /** Starts a virtual unit in a worker (loaded at the first call). */
  startVirtual(options: VirtualOptions): Promise<VirtualUnit>;
}

/** One tab of this browser at a time works on a chip. */
export interface UnitLocks {
  /**
   * Holds the chip with this MAC for this tab until the result is called; null when another tab
   * holds it.
   */
  take(mac: string): Promise<(() => void) | null>;
  /** Whether some tab of this browser has a unit on its bench. */
  heldAnywhere(): Promise<boolean>;
}

/** What a connection tells unasked. */
export interface ConnectionListener {
  item(item: ConsoleItem): void;
  /** Which program on the chip answers now. */
  loader(loader: 'rom' | 'stub' | null): void;
  /** The cable is out, or the port died and did not come back in 8 s. */
  lost(): void;
}

/**
 * The chain transport → loader → flasher, or transport → console, over one port. At most one
 * command at a time; a second one waits for the first.
 */
export interface UnitConnection {
  /** Resets into download mode, uploads the stub, reads who the chip is. */
  enterDownload(signal?: AbortSignal): Promise<ChipInfo>;
  /**
   * Checks every region first and erases nothing when one is wrong; leaves out blocks of 64 KB
   * that are there already; verifies what it wrote by MD5. Needs download mode.
   */
  write(regions: FlashRegion[], options: WriteOptions): Promise<WriteReport>;
  /** What flash holds at `place`, proven by MD5. Needs download mode. */
  read(place: FlashPlace, options?: TransferOptions): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Erases all of flash, the partition table last: what is stopped on the way still shows what the
   * unit was. Needs download mode.
   */
  erase(options?: TransferOptions): Promise<void>;
  /** Resets into the app and opens the console on it. */
  runApp(signal?: AbortSignal): Promise<void>;
  /** Sends one console command, waits for its answer. `unit_silent` after `timeoutMs`. */
  request(command: CommandBody, timeoutMs?: number): Promise<ConsoleAnswer & { ok: true }>;
  /** Bytes without records, for a pass-through firmware that only speaks AT. */
  writeRaw(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface TransferOptions {
  onProgress?: (progress: FlashProgress) => void;
  signal?: AbortSignal | undefined;
}

export interface WriteOptions {
  target: Target;
  /** Called once, when it is known what will be written and why, before anything is erased. */
  onPlan?: (plan: readonly RegionWrite[]) => void;
  onProgress?: (progress: WriteProgress) => void;
  signal?: AbortSignal;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
/** A console request before the connection gives it its id. */
export type CommandBody = WithoutId<ConsoleRequest>;

/** The portal, as far as preparing a unit needs it. */
export interface UnitsPortal {
  /** Where units post. May answer from a cache; `unavailable` when neither is there. */
  settings(signal?: AbortSignal): Promise<Settings>;
  /** `not_found` never: an unknown id answers `registered: false`. */
  unitStatus(deviceId: string, signal?: AbortSignal): Promise<UnitStatus>;
  /** `conflict` when the id belongs to another token and `replace` is not set. */
  register(request: RegisterRequest, signal?: AbortSignal): Promise<UnitStatus>;
}

/** A registration that waits for the network. Holds the hash of the token, never the token. */
export interface OutboxEntry {
  /** Given by the outbox. */
  id: number;
  /** Unix milliseconds. */
  queuedAt: number;
  request: RegisterRequest;
  /** Why the last attempt failed for good (409, 403); null while it only waits. */
  refused: string | null;
}

/** What the backend must learn later. Kept across page loads. */
export interface Outbox {
  /**
   * Makes sure that a registration could be kept now, before anything is written to a unit.
   * Rejects with `storage_full`.
   */
  makeRoom(): Promise<void>;
  /** A later entry for the same device id takes the earlier one's place. */
  add(request: RegisterRequest): Promise<void>;
  list(): Promise<OutboxEntry[]>;
  remove(id: number): Promise<void>;
  /** Marks an entry as refused, so that it is shown and not sent again by itself. */
  refuse(id: number, reason: string): Promise<void>;
}

/** Where firmware comes from. Answers only bundles that are complete and prove themselves. */
export interface FirmwareSource {
  /** `bundle_missing`, `image_truncated`, `image_corrupt`, `unavailable`. */
  load(target: Target, signal?: AbortSignal): Promise<FirmwareBundle>;
}

/** Time, so that tests need not wait. */
export interface TimeSource {
  /** Unix milliseconds. */
  now(): number;
  /** Rejects with `cancelled` when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface VirtualOptions {
  /** Street, modem and MAC come from it; the same seed is the same unit. */
  seed?: number;
  /** Virtual ms per ms for the running app, 1 … 1000. */
  speed?: number;
  /** 1 = real flash and USB times, 0 = instant. */
  flashTiming?: number;
  /** Host and port units post to; requests there go to the page's own origin. */
  deviceHost: string;
  devicePort: number;
}

/** Hands on the virtual unit: what a person would do to a real one with fingers. */
export interface VirtualUnit extends UnitPort {
  readonly kind: 'virtual';
  onLed(fn: (colour: LedColour) => void): () => void;
  setSpeed(virtualMsPerMs: number): void;
  press(button: 'top' | 'reset', ms: number): void;
  /** False pulls the cable (and with it the power), true plugs it in again. */
  setPlugged(plugged: boolean): void;
  setFault(fault: VirtualFault): void;
}

/** Conditions around the modem that a virtual unit can be put into. */
export interface VirtualFault {
  /** 0 … 31, 99 = no signal. */
  csq?: number;
  sim?: 'ready' | 'missing' | 'pin';
  registration?: 'home' | 'roaming' | 'denied' | 'searching';
  modemPowered?: boolean;
  /** Makes this bring-up step (1 … 12) fail; null = none. */
  failStep?: number | null;
  /** Receivers that do not listen, whatever the program tries. */
  brokenRadio?: 'none' | 'wifi' | 'ble' | 'both';
}
