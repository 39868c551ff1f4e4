/** POST /api/reading, …/batch, POST /api/heartbeat: what units say by themselves. Knows no SQL. */
import type { Context } from 'hono';
import {
  type Heartbeat,
  HeartbeatAnswer,
  HeartbeatRequest,
} from '../../../shared/contracts/heartbeat.ts';
import { ReadingAnswer, ReadingRequest } from '../../../shared/contracts/reading.ts';
import {
  ReadingBatchAnswer,
  ReadingBatchRequest,
} from '../../../shared/contracts/reading-batch.ts';
import { takeHeartbeat } from '../../domain/heartbeat.ts';
import { takeReading } from '../../domain/reading.ts';
import { requestsOf, takeBatch } from '../../domain/reading-batch.ts';
import { write } from '../kernel/log.ts';
import type { HttpEnv } from '../kernel/types.ts';
import { countedBy, countRequest } from './request.ts';
import { type Route, route } from './route.ts';

export const readingRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/reading',
    summary: 'One period’s counts',
    who: 'unit',
    body: ReadingRequest,
    answers: { 201: ReadingAnswer },
    example: { body: { d: 'JBNB0001', t: '2026-01-28T12:15:00Z', i: 450, u: 120, ts: 1 } },
    async handle({ services, token_sha256, body, nowMs, c }) {
      const credential = { device_id: body.d, token_sha256 };
      const taken = await takeReading(services.readings, body, credential, nowMs);
      const { answer, device, floods } = taken;
      await countRequest(services, c.get('requestId'), body.d, { ...device, isOver: floods });
      return answer;
    },
  }),
  route({
    method: 'POST',
    path: '/reading/batch',
    summary: 'Up to twelve periods’ counts of a unit that catches up',
    who: 'unit',
    body: ReadingBatchRequest,
    answers: { 201: ReadingBatchAnswer },
    example: { body: { d: 'JBNB0001', fw: '6.0.0', r: [[7, 1_769_602_500, 900, 450, 120]] } },
    async handle({ services, token_sha256, body, nowMs, c }) {
      const credential = { device_id: body.d, token_sha256 };
      const taken = await takeBatch(services.readings, body, credential, nowMs);
      const { answer, device, floods: isOver, refused } = taken;
      const requests = requestsOf(body);
      const request_id = c.get('requestId');
      await countRequest(services, request_id, body.d, { ...device, isOver, requests });
      if (refused.length > 0) {
        write('info', { event: 'readings_refused', request_id, unit: body.d, refused });
      }
      return answer;
    },
  }),
  route({
    method: 'POST',
    path: '/heartbeat',
    summary: 'On boot and once a day',
    who: 'unit',
    body: HeartbeatRequest,
    answers: { 200: HeartbeatAnswer },
    example: { body: { d: 'JBNB0002', v: '5.3', uptime: 86_400, cell_rssi: -85 } },
    async handle({ services, token_sha256, body, nowMs, c }) {
      const credential = { device_id: body.device_id, token_sha256 };
      const heard = await takeHeartbeat(services.heartbeats, body, credential, nowMs);
      await countRequest(services, c.get('requestId'), body.device_id, countedBy(heard));
      logNote(c, body);
      return heard.answer;
    },
  }),
];

/** What a proven unit says it could not do: nobody else would learn of it. */
function logNote(c: Context<HttpEnv>, { device_id, config_version, note }: Heartbeat): void {
  if (note === undefined) return;
  const request_id = c.get('requestId');
  write('info', { event: 'unit_note', request_id, unit: device_id, config_version, note });
}
