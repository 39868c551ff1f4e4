/**
 * Console records: what bench and unit say to each other over USB, one JSON text each (RFC 7464:
 * RS, JSON, LF), between free log lines. The unit's side is firmware/core/console. Byte layout and
 * versions: docs/formats/console.md. Knows no transport.
 */

import { itemOf } from './schemas.ts';

/** RFC 7464 record separator. */
export const RS = 0x1e;
export const LF = 0x0a;
/** Longest record either side sends, RS and LF included; the unit's line buffer holds as much. */
export const RECORD_BYTES_MAX = 1024;

/** Commands of the bench. `id` is echoed as `re` in the answer. */
export type ConsoleRequest = { id: number } & (
  | { cmd: 'hello' }
  | { cmd: 'status' }
  /** Run the bring-up from step 1; if it runs or has ended, its events so far are repeated. */
  | { cmd: 'provision'; restart?: boolean }
  /** One AT line to the modem; its lines come back as `at` events, the final one in the answer. */
  | { cmd: 'at'; line: string; timeout_ms?: number }
  | { cmd: 'at-data'; hex: string }
  | { cmd: 'live'; on: boolean }
  /** As the button: close the running period and send now. */
  | { cmd: 'send' }
  /** For ten seconds the light says which unit it is. Firmware before this refuses it. */
  | { cmd: 'blink' }
  | { cmd: 'reboot' }
  /** Forget run-time state (`nvs`), keep the identity. */
  | { cmd: 'wipe' }
);

export type AppName = 'provisioning' | 'jambox';

/** Answer to `hello`. */
export interface Hello {
  console: number;
  app: AppName;
  version: string;
  /** null while the unit holds no identity. */
  device_id: string | null;
  /** True once bring-up has succeeded (kept in `nvs`). */
  cellular_ok: boolean;
  /** The chip's own, like `F4:12:FA:00:00:01`; older apps do not say it. */
  mac?: string;
}

/** Answer to `status`. Never holds the token. */
export interface UnitStatusRecord {
  uptime_s: number;
  led: LedPattern;
  cereg: number;
  rssi_dbm: number | null;
  online: boolean;
  clock_synced: boolean;
  /** Unix seconds, 0 while not synced. */
  time: number;
  queue: number;
  send_failures: number;
  sent: number;
  /** Readings lost because the unit's queue was full, since its first boot. */
  dropped: number;
  /** Readings the backend refused as malformed, since boot. */
  refused: number;
  /** Of the configuration in use; 0 = the defaults. */
  config_version: number;
  /** Receivers that do not listen: 1 Wi-Fi, 2 Bluetooth; 6.0.0 before this does not say. */
  radio?: number;
}

export type LedPattern =
  | 'booting'
  | 'searching'
  | 'failed'
  | 'connected'
  | 'sending'
  | 'sent'
  | 'send_failed'
  | 'updating'
  | 'button'
  | 'here';

export type StepState = 'running' | 'ok' | 'warning' | 'failed';

/** What the unit tells unasked. `t` is ms since boot. */
export type ConsoleEvent = { t: number } & (
  | { ev: 'boot'; app: AppName; version: string; reset: string }
  | {
      ev: 'bringup';
      /** 1 … 12, see BRINGUP_STEPS. */
      step: number;
      state: StepState;
      /** Attempt within the step, from 1. */
      try: number;
      /** The modem's own last words for this step, at most 120 characters. */
      said?: string;
    }
  | { ev: 'bringup_done'; ok: boolean; step: number; address?: string }
  | { ev: 'led'; pattern: LedPattern }
  | { ev: 'net'; state: 'searching' | 'registered' | 'online' | 'offline'; said?: string }
  | {
      ev: 'heartbeat';
      ok: boolean;
      /** HTTP status, 0 = no answer. */
      status: number;
      clock_synced: boolean;
      config_version?: number;
    }
  | {
      ev: 'reading';
      ok: boolean;
      status: number;
      /** Period start, Unix seconds or 0. */
      start: number;
      seq: number;
      impressions: number;
      device_minutes: number;
      /** Readings still kept on the unit after this. */
      queue: number;
    }
  | { ev: 'command'; name: string }
  /** ok: `version` is in use from now on; else `said` is why another one is not. */
  | { ev: 'config'; ok: boolean; version: number; said?: string }
  | { ev: 'at'; re: number; line: string }
  | {
      ev: 'live';
      impressions: number;
      device_minutes: number;
      rejected_static: number;
      ble: number;
    }
);

export type ConsoleAnswer =
  | { re: number; ok: true; [key: string]: unknown }
  | { re: number; ok: false; error: string };

/** The twelve bring-up steps, as the provisioning app numbers them. */
export const BRINGUP_STEPS: readonly { step: number; name: string; send: string }[] = [
  { step: 1, name: 'Modem answers', send: 'AT' },
  { step: 2, name: 'Echo off', send: 'ATE0' },
  { step: 3, name: 'SIM ready', send: 'AT+CPIN?' },
  { step: 4, name: 'Lock bands', send: 'AT+QCBAND=…' },
  { step: 5, name: 'Restart modem', send: 'AT+CFUN=1,1' },
  { step: 6, name: 'Modem answers again', send: 'AT' },
  { step: 7, name: 'Register on the network', send: 'AT+CEREG?' },
  { step: 8, name: 'Close old IP stack', send: 'AT+NETCLOSE' },
  { step: 9, name: 'Set APN', send: 'AT+CGDCONT=…' },
  { step: 10, name: 'Attach', send: 'AT+CGATT=1' },
  { step: 11, name: 'Open IP stack', send: 'AT+NETOPEN' },
  { step: 12, name: 'Get an address', send: 'AT+IPADDR' },
];

/** `record` as bytes on the wire: RS, JSON, LF. */
export function encodeRecord(record: ConsoleRequest): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(record));
  const bytes = new Uint8Array(body.length + 2);
  bytes[0] = RS;
  bytes.set(body, 1);
  bytes[bytes.length - 1] = LF;
  return bytes;
}

/** What a console stream consists of. */
export type ConsoleItem =
  | { kind: 'answer'; answer: ConsoleAnswer }
  | { kind: 'event'; event: ConsoleEvent }
  | { kind: 'log'; text: string }
  /** A record that is none of the format's, as it came: to be shown, never to be believed. */
  | { kind: 'unrecognized'; text: string };

/**
 * Splits an incoming byte stream into records and log lines, in whatever pieces it arrives.
 * Nothing is dropped unseen: what is too long comes out as log lines, what does not fit as
 * `unrecognized`.
 */
export class ConsoleDecoder {
  #line: number[] = [];

  /** Items completed by `bytes`, in order. */
  push(bytes: Uint8Array): ConsoleItem[] {
    const items: ConsoleItem[] = [];
    for (const byte of bytes) {
      const startsRecord = byte === RS && this.#line.length > 0;
      if (startsRecord || byte === LF || this.#line.length >= RECORD_BYTES_MAX) {
        this.#flush(items);
        if (byte === LF) continue;
      }
      this.#line.push(byte);
    }
    return items;
  }

  #flush(items: ConsoleItem[]): void {
    const bytes = Uint8Array.from(this.#line);
    this.#line = [];
    if (bytes[0] === RS) {
      items.push(itemOf(new TextDecoder().decode(bytes.subarray(1))));
      return;
    }
    const text = new TextDecoder().decode(bytes).replace(/\r$/, '');
    if (text !== '') items.push({ kind: 'log', text });
  }
}
