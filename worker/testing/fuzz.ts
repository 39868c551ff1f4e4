/**
 * Requests nobody would send on purpose, drawn from the route table: right ones, ones with fields
 * changed, left out or at the edge of what is allowed, and ones whose bytes were damaged. The same
 * seed gives the same requests. Knows no rule of any route.
 */
import type { Random } from '../../shared/random.ts';
import type { RouteFacts } from '../http/kernel/route.ts';

export const pick = <T>(random: Random, list: readonly T[]): T =>
  list[Math.floor(random() * list.length)] as T;

/** Edges of ranges, other types, and what breaks careless code. */
const ODD: readonly unknown[] = [
  null,
  true,
  false,
  '',
  ' ',
  '0',
  '200',
  'JBNB0001',
  'JBNB0002',
  'JBNB9999',
  'JBNB10000',
  'JBNB00010',
  "'; DROP TABLE readings; --",
  '\0',
  '\uD800',
  'é'.repeat(70),
  'x'.repeat(5000),
  '__proto__',
  '2026-02-30T00:00:00Z',
  '2026-11-20T20:00:00Z',
  '../../etc',
  [],
  [[]],
  {},
  { a: { b: [1] } },
  0,
  -0,
  1,
  -1,
  0.5,
  -128,
  20,
  21,
  100,
  101,
  4095,
  9_999_999,
  10_000_000,
  10_000_001,
  4_294_967_295,
  4_294_967_296,
  2 ** 53,
  1e21,
  1e308,
  -1e308,
];
/** Names that routes know, so that fields meet routes of others. */
const NAMES = [
  't i u vis occ seq age ts bt of cd sf fw bat ack d device_id v uptime cell_rssi sig',
  'wifi ble_apple ble_android ble_other dwell_0_1 rssi_near probe_rssi_min',
  'probe_rssi_max timestamp impressions unique_count status command pin latitude',
  'longitude location_id success error full limit cursor name',
].flatMap((line) => line.split(' '));

export interface FuzzRequest {
  route: RouteFacts;
  path: string;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | null;
}

/** What tokens there are; most requests take the one that suits the route. */
export interface Tokens {
  unit: readonly string[];
  key: string;
  monitor: string;
  people: readonly string[];
  /** Of the webhook's address. */
  webhook: string;
}

export function fuzzRequest(
  random: Random,
  routes: readonly RouteFacts[],
  tokens: Tokens,
  nowS: number,
): FuzzRequest {
  const route = pick(random, routes);
  const headers: Record<string, string> = {};
  const token = tokenFor(random, route, tokens);
  if (token !== null) headers.Authorization = token;
  if (random() < 0.2) headers['Content-Type'] = pick(random, ['text/plain', ';;', '*/*', 'x']);
  const method = random() < 0.95 ? route.method : pick(random, ['GET', 'POST', 'PUT', 'DELETE']);
  const body = method === 'GET' ? null : bodyFor(random, route, nowS);
  const path = pathFor(random, route, { secret: tokens.webhook });
  return { route, path, method, headers, body };
}

function tokensFor(who: RouteFacts['who'], tokens: Tokens): readonly string[] {
  if (who === 'unit') return tokens.unit;
  if (who === 'admin-key') return [tokens.key];
  return who === 'monitor-key' ? [tokens.monitor] : tokens.people;
}

function tokenFor(random: Random, { who }: RouteFacts, tokens: Tokens): string | null {
  const suits = tokensFor(who, tokens);
  const dice = random();
  if (dice < 0.85) return `Bearer ${pick(random, suits)}`;
  if (dice < 0.9) return null;
  return pick(random, [
    `Bearer ${pick(random, tokens.people)}`,
    'Bearer x',
    'Basic eDp5',
    'Bearer',
  ]);
}

function pathFor(
  random: Random,
  { path, params, query, example }: RouteFacts,
  known: Record<string, string>,
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const right = known[name] ?? example?.params?.[name] ?? 'JBNB0001';
    return encodeURIComponent(random() < 0.8 ? right : text(pick(random, ODD)));
  });
  const wanted = new URLSearchParams(query ? example?.query : {});
  for (const name of params || query ? NAMES : []) {
    if (random() < 0.01) wanted.set(name, text(pick(random, ODD)));
  }
  for (const name of [...wanted.keys()]) {
    if (random() < 0.1) wanted.set(name, text(pick(random, ODD)));
  }
  const search = wanted.toString();
  const noise = random() < 0.03 ? '?%ff&=&&a=%00' : '';
  return `${filled}${search ? `?${search}` : noise}`;
}

const text = (value: unknown) =>
  (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed().slice(0, 300);

function bodyFor(random: Random, { who, example }: RouteFacts, nowS: number): Uint8Array {
  const value = structuredClone(example?.body ?? {}) as Record<string, unknown>;
  // A period young enough for the backend, and another one each time.
  const agoS = () => nowS - Math.floor(random() * 2_000_000);
  if ('t' in value) value.t = agoS();
  // An id that is free, for whoever registers one.
  if ('device_id' in value && who !== 'unit' && random() < 0.3) {
    value.device_id = `JBNB${String(Math.floor(random() * 10_000)).padStart(4, '0')}`;
  }
  if (Array.isArray(value.r)) {
    const rows = Array.from({ length: Math.ceil(random() * 13) }, (_, i) => {
      const row: unknown[] = [i, agoS(), 300, Math.floor(random() * 99), Math.floor(random() * 9)];
      if (random() < 0.1) row[Math.floor(random() * row.length)] = pick(random, ODD);
      return row;
    });
    value.r = rows;
  }
  if (who === 'webhook') {
    value.data = { d: 'JBNB0001', t: agoS(), i: 5, u: 2 };
    if (random() < 0.5) change(random, value.data as Record<string, unknown>);
  }
  if (random() < 0.7) {
    for (let n = Math.floor(random() * 4); n >= 0; n -= 1) change(random, value);
  }
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return random() < 0.2 ? damaged(random, bytes) : bytes;
}

function change(random: Random, value: Record<string, unknown>): void {
  const names = Object.keys(value);
  const name = random() < 0.6 && names.length > 0 ? pick(random, names) : pick(random, NAMES);
  const dice = random();
  const old = value[name];
  if (dice < 0.2) delete value[name];
  else if (dice < 0.4 && typeof old === 'number') value[name] = old * pick(random, [-1, 2, 1e3]);
  else if (dice < 0.55) value[name] = Math.floor(random() * 1000);
  else value[name] = pick(random, ODD);
}

/** Bytes flipped, cut, doubled or made up. */
function damaged(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  for (let n = Math.floor(random() * 4); n >= 0; n -= 1) {
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  }
  const dice = random();
  if (dice < 0.3) return copy.subarray(0, Math.floor(random() * copy.length));
  if (dice < 0.4) return Uint8Array.from([...copy, ...copy]);
  if (dice < 0.5) return Uint8Array.from({ length: 100 }, () => Math.floor(random() * 256));
  return copy;
}
