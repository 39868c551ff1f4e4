/** What units and Hologram call, as facts for the table: device.ts and its kin answer. No rule. */
import * as v from 'valibot';
import { DeviceId } from '../../../shared/contracts/common.ts';
import { VersionedConfig } from '../../../shared/contracts/config.ts';
import { GeolocationAnswer, GeolocationRequest } from '../../../shared/contracts/geolocation.ts';
import { HeartbeatAnswer, HeartbeatRequest } from '../../../shared/contracts/heartbeat.ts';
import { HologramAnswer, HologramMessage } from '../../../shared/contracts/hologram.ts';
import {
  NoUpdate,
  OtaCheckRequest,
  OtaChunk,
  OtaChunkQuery,
  OtaCompleteRequest,
  Update,
} from '../../../shared/contracts/ota.ts';
import { ReadingAnswer, ReadingRequest } from '../../../shared/contracts/reading.ts';
import { adminConfigRoute, adminRoutes } from '../admin/unit.ts';
import type { RouteFacts } from '../kernel/route.ts';

const who = 'unit';
/** A short answer has no room for these two. */
const ConfigAnswer = v.partial(VersionedConfig, ['heartbeat_interval_ms', 'wifi_channels']);
const ConfigQuery = v.object({ d: v.optional(DeviceId), full: v.optional(v.literal('1')) });
const unit = { id: 'JBNB0001' };
const wifi = [
  { bssid: 'AA:BB:CC:DD:EE:FF', rssi: -65, ch: 6 },
  { bssid: 'AA:BB:CC:DD:EE:00', rssi: -71, ch: 11 },
];

const unitRoutes: readonly RouteFacts[] = [
  {
    method: 'POST',
    path: '/api/reading',
    summary: 'One period’s counts',
    who,
    body: ReadingRequest,
    answers: { 201: ReadingAnswer },
    example: { body: { d: 'JBNB0001', t: '2026-01-28T12:15:00Z', i: 450, u: 120, ts: 1 } },
  },
  {
    method: 'POST',
    path: '/api/heartbeat',
    summary: 'On boot and once a day',
    who,
    body: HeartbeatRequest,
    answers: { 200: HeartbeatAnswer },
    example: { body: { d: 'JBNB0002', v: '5.3', uptime: 86_400, cell_rssi: -85 } },
  },
  {
    method: 'GET',
    path: '/api/config/{id}',
    summary: 'The unit’s configuration; `full=1` with what v5.x has no room for',
    who,
    params: v.object({ id: DeviceId }),
    query: ConfigQuery,
    answers: { 200: ConfigAnswer },
    example: { params: unit },
  },
  {
    method: 'POST',
    path: '/api/geolocation',
    summary: 'Where the unit is, by the Wi-Fi around it',
    who,
    body: GeolocationRequest,
    answers: { 200: GeolocationAnswer },
    example: { body: { d: 'JBNB0001', wifi } },
  },
  {
    method: 'POST',
    path: '/api/ota/check',
    summary: 'Whether there is newer firmware',
    who,
    body: OtaCheckRequest,
    answers: { 200: v.variant('update_available', [NoUpdate, Update]) },
    example: { body: { d: 'JBNB0001', v: '5.4' } },
  },
  {
    method: 'GET',
    path: '/api/ota/chunk',
    summary: 'One chunk of a patch',
    who,
    query: OtaChunkQuery,
    answers: { 200: OtaChunk },
    example: { query: { d: 'JBNB0001', from: '5.4', to: '5.5', chunk: '0' } },
  },
  {
    method: 'POST',
    path: '/api/ota/complete',
    summary: 'What became of an update',
    who,
    body: OtaCompleteRequest,
    answers: { 200: v.object({ status: v.literal('ok') }) },
    example: { body: { d: 'JBNB0001', v: '5.5', success: true } },
  },
];

const webhook: RouteFacts = {
  method: 'POST',
  path: '/api/hologram/{secret}',
  summary: 'A unit’s message through Hologram’s cloud',
  who: 'webhook',
  params: v.object({ secret: v.string() }),
  body: HologramMessage,
  answers: { 200: HologramAnswer },
  example: {
    params: { secret: 'secret-of-the-webhook' },
    body: { received: '2026-01-28T12:20:00', device: { id: 1234 }, data: 'e30=' },
  },
};

/** Every route below /api that is not the portal's. */
export const deviceRouteFacts: readonly RouteFacts[] = [
  ...unitRoutes,
  webhook,
  ...[adminConfigRoute, ...adminRoutes].map((r) => ({ ...r, path: `/api${r.path}` })),
];
