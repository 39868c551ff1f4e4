/** POST /api/hologram/:secret: the webhook that Hologram's cloud posts units' messages to. */
import * as v from 'valibot';
import {
  HOLOGRAM_BODY_MAX,
  HologramAnswer,
  HologramMessage,
} from '../../../shared/contracts/hologram.ts';
import { ReadingRequest } from '../../../shared/contracts/reading.ts';
import { takeMessage } from '../../domain/hologram.ts';
import { parseAs } from '../kernel/body.ts';
import { countRequest } from './request.ts';
import { type Route, webhookRoute } from './route.ts';

export const hologramRoutes: readonly Route[] = [
  webhookRoute({
    method: 'POST',
    path: '/hologram/{secret}',
    summary: 'A unit’s message through Hologram’s cloud',
    who: 'webhook',
    params: v.object({ secret: v.string() }),
    body: HologramMessage,
    bodyMax: HOLOGRAM_BODY_MAX,
    answers: { 200: HologramAnswer },
    example: {
      params: { secret: 'secret-of-the-webhook' },
      body: { received: '2026-01-28T12:20:00', device: { id: 1234 }, data: 'e30=' },
    },
    async handle({ services, body, nowMs, c }) {
      const read = (value: unknown) => parseAs(ReadingRequest, value);
      const { device_id, ...answer } = await takeMessage(services, body, read, nowMs);
      if (device_id) await countRequest(services, c.get('requestId'), device_id);
      return answer;
    },
  }),
];
