/**
 * GET /api/monitor: what is wrong, for a program that watches from outside. It holds a key of its
 * own, which opens nothing else; 503 lets a monitor that only looks at the status raise its alarm.
 */
import { Hono } from 'hono';
import * as v from 'valibot';
import { AppError, toAppError } from '../../shared/errors.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { equalInConstantTime } from '../domain/device.ts';
import { monitorProblems } from '../domain/incident.ts';
import { bearerToken } from './kernel/bearer.ts';
import { onlyMethods } from './kernel/methods.ts';
import type { RouteFacts } from './kernel/route.ts';
import { slowDown } from './kernel/slow-down.ts';
import type { HttpEnv, Services } from './kernel/types.ts';

/** A key shorter than this is taken for none. */
const KEY_MIN = 32;
const TOKEN_MAX = 256;

const MonitorAnswer = v.object({
  status: v.picklist(['ok', 'failing']),
  /** Sentences for people; the keys stay the same. */
  problems: v.array(v.object({ key: v.string(), detail: v.string() })),
});

export const monitorFacts: RouteFacts = {
  method: 'GET',
  path: '/api/monitor',
  summary: 'What is wrong with the service as a whole; 503 when anything is',
  who: 'monitor-key',
  answers: { 200: MonitorAnswer, 503: MonitorAnswer },
};

export function monitor(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.get('/', async (c) => {
    try {
      await guard(services.monitorKey, c.req.header('Authorization'));
    } catch (failure) {
      throw await slowDown(services, c, toAppError(failure));
    }
    const problems = await monitorProblems(services);
    const status = problems.length === 0 ? 'ok' : 'failing';
    return c.json({ status, problems }, problems.length === 0 ? 200 : 503);
  });
  onlyMethods(app, ['GET'], '/');
  return app;
}

/** Compared by hash: equal lengths, whatever was sent. @throws AppError `unauthenticated` */
async function guard(key: string | undefined, header: string | undefined): Promise<void> {
  const token = bearerToken(header, TOKEN_MAX) ?? '';
  const set = key !== undefined && key.length >= KEY_MIN;
  const same = equalInConstantTime(await sha256Hex(set ? key : ''), await sha256Hex(token));
  if (set && same) return;
  throw new AppError('unauthenticated', 'Send the monitor’s key.');
}
