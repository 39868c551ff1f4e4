/**
 * The backend for a unit that updates itself: HTTP over a network without sockets, requests read
 * with the contract's own schemas. What it is asked is kept; chunks and answers can be spoiled.
 * Knows no board.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { HostTimers } from '../../firmware/virtual/host.ts';
import type {
  Connection,
  ConnectionHandlers,
  Network,
} from '../../firmware/virtual/network/network.ts';
import {
  CHUNK_BYTES,
  type NoUpdate,
  OtaCheckRequest,
  type OtaChunk,
  OtaChunkQuery,
  type OtaComplete,
  OtaCompleteRequest,
  type Update,
} from '../../shared/contracts/ota.ts';

/** One-way time of the network, ms of the host's timers. */
const LATENCY_MS = 1;

export interface TestUpdate {
  from: string;
  to: string;
  patch: Uint8Array;
}

export class TestBackend implements Network {
  update: TestUpdate | null = null;
  readonly chunks: number[] = [];
  readonly reports: OtaComplete[] = [];
  readonly checks: string[] = [];
  readings = 0;
  /** Versions of the unit, as its heartbeats say. */
  readonly versions: string[] = [];
  /** What becomes of a chunk on the way. */
  spoil: (chunk: OtaChunk) => OtaChunk = (chunk) => chunk;
  readonly #timers: HostTimers;

  constructor(timers: HostTimers) {
    this.#timers = timers;
  }

  connect(_host: string, _port: number, handlers: ConnectionHandlers): Connection {
    let received = '';
    let open = true;
    const later = (fn: () => void) => this.#timers.setTimeout(() => open && fn(), LATENCY_MS);
    later(() => handlers.onOpen());
    return {
      write: (bytes) => {
        received += new TextDecoder('latin1').decode(bytes);
        const request = wholeRequest(received);
        if (!request) return;
        received = '';
        const answer = new TextEncoder().encode(this.#answer(request));
        later(() => {
          handlers.onData(answer);
          later(() => handlers.onClose());
        });
      },
      close: () => {
        open = false;
      },
    };
  }

  #answer({ method, url, body }: Request): string {
    const json = () => JSON.parse(body) as Record<string, unknown>;
    switch (`${method} ${url.pathname}`) {
      case 'POST /api/heartbeat':
        this.versions.push(String(json().v));
        return http(200, { status: 'ok', server_time: '2026-01-29T10:00:00Z', config_version: 1 });
      case 'POST /api/reading':
        this.readings += 1;
        return http(201, { status: 'ok' });
      case 'POST /api/ota/check':
        return http(200, this.#check(v.parse(OtaCheckRequest, json()).version));
      case 'GET /api/ota/chunk':
        return this.#chunk(v.parse(OtaChunkQuery, Object.fromEntries(url.searchParams)));
      case 'POST /api/ota/complete':
        this.reports.push(v.parse(OtaCompleteRequest, json()));
        return http(200, { status: 'ok' });
      default:
        return http(404, { error: 'no such route' });
    }
  }

  #check(version: string): Update | NoUpdate {
    this.checks.push(version);
    if (version !== this.update?.from) return { update_available: false, reason: 'up_to_date' };
    const { to, patch } = this.update;
    const sha256 = createHash('sha256').update(patch).digest('hex');
    return {
      update_available: true,
      target: to,
      patch_size: patch.length,
      chunk_count: Math.ceil(patch.length / CHUNK_BYTES),
      sha256,
      target_version: to,
      patch_sha256: sha256,
      chunk_size: CHUNK_BYTES,
      resume_from: 0,
    };
  }

  #chunk({ from, to, chunk }: v.InferOutput<typeof OtaChunkQuery>): string {
    this.chunks.push(chunk);
    const { update } = this;
    const start = chunk * CHUNK_BYTES;
    if (update?.from !== from || update.to !== to || start >= update.patch.length) {
      return http(404, { error: 'no such chunk' });
    }
    const bytes = update.patch.subarray(start, start + CHUNK_BYTES);
    const total = Math.ceil(update.patch.length / CHUNK_BYTES);
    const crc = crc16(bytes);
    const data = Buffer.from(bytes).toString('base64');
    return http(
      200,
      this.spoil({ chunk, data, crc, final: chunk + 1 === total, crc16: crc, total }),
    );
  }
}

interface Request {
  method: string;
  url: URL;
  body: string;
}

function wholeRequest(text: string): Request | null {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const body = text.slice(end + 4);
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
  const [method = '', path = ''] = text.split(' ', 2);
  return body.length < length ? null : { method, url: new URL(path, 'http://unit'), body };
}

function http(status: number, answer: object): string {
  const body = JSON.stringify(answer);
  return `HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** CRC-16/CCITT-FALSE. */
function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    crc &= 0xffff;
  }
  return crc;
}
