/** POST /api/ota/check, GET /api/ota/chunk and POST /api/ota/complete for units. */
import * as v from 'valibot';
import {
  NoUpdate,
  OtaCheckRequest,
  OtaChunk,
  OtaChunkQuery,
  OtaCompleteRequest,
  Update,
} from '../../../shared/contracts/ota.ts';
import { checkForUpdate, chunkOf, recordUpdate } from '../../domain/ota.ts';
import { admit } from '../../domain/rate-limit.ts';
import { countedBy, countRequest } from './request.ts';
import { type Route, route } from './route.ts';

const who = 'unit';

export const otaRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/ota/check',
    summary: 'Whether there is newer firmware',
    who,
    body: OtaCheckRequest,
    answers: { 200: v.variant('update_available', [NoUpdate, Update]) },
    example: { body: { d: 'JBNB0001', v: '5.4' } },
    async handle({ services, token_sha256, body: { device_id, version }, nowMs, c }) {
      const who = { device_id, token_sha256 };
      const admitted = await admit(services.admission, who, 'ota_check', nowMs);
      await countRequest(services, c.get('requestId'), device_id, countedBy(admitted));
      return checkForUpdate(services.ota, device_id, version);
    },
  }),
  route({
    method: 'GET',
    path: '/ota/chunk',
    summary: 'One chunk of a patch',
    who,
    query: OtaChunkQuery,
    answers: { 200: OtaChunk },
    example: { query: { d: 'JBNB0001', from: '5.4', to: '5.5', chunk: '0' } },
    async handle({ services, token_sha256, query, nowMs }) {
      const { device_id } = query;
      await admit(services.admission, { device_id, token_sha256 }, 'ota_chunk', nowMs);
      return chunkOf(services.ota, query);
    },
  }),
  route({
    method: 'POST',
    path: '/ota/complete',
    summary: 'What became of an update',
    who,
    body: OtaCompleteRequest,
    answers: { 200: v.object({ status: v.literal('ok') }) },
    example: { body: { d: 'JBNB0001', v: '5.5', success: true } },
    async handle({ services, token_sha256, body, nowMs, c }) {
      const { device_id } = body;
      const who = { device_id, token_sha256 };
      const admitted = await admit(services.admission, who, 'ota_complete', nowMs);
      await countRequest(services, c.get('requestId'), device_id, countedBy(admitted));
      await recordUpdate(services.ota, body, services.now());
      return { status: 'ok' };
    },
  }),
];
