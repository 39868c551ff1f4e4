/**
 * The backend for a unit that updates itself: HTTP over a network without sockets, requests read
 * with the contract's own schemas. What it is asked is kept; chunks and answers can be spoiled.
 * Knows no board.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { HostTimers } from '../../firmware/virtual/host.ts';
import { rawAnswer } from '../../firmware/virtual/network/backend-network.ts';
import { type RawRequest, RequestReader } from '../../firmware/virtual/network/http-request.ts';
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
    const reader = new RequestReader();
    let open = true;
    const later = (fn: () => void) => this.#timers.setTimeout(() => open && fn(), LATENCY_MS);
    later(() => handlers.onOpen());
    return {
      write: (bytes) => {
        const request = reader.push(bytes);
        if (!request) return;
        const answer = this.#answer(request);
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

  #answer({ method, target, body }: RawRequest): Uint8Array {
    const url = new URL(target, 'http://unit');
    const json = () => JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
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

  #chunk({ from, to, chunk }: v.InferOutput<typeof OtaChunkQuery>): Uint8Array {
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

const http = (status: number, answer: object) =>
  rawAnswer({ status, body: JSON.stringify(answer) });

/** CRC-16/CCITT-FALSE, not the Worker's own, so that both can be wrong only apart. */
function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    crc &= 0xffff;
  }
  return crc;
}
