/**
 * GET /api/monitor: what is wrong, for a program that watches from outside. It holds a key of its
 * own, which opens nothing else; 503 lets a monitor that only looks at the status raise its alarm.
 */
import * as v from 'valibot';
import { monitorProblems } from '../../domain/incident.ts';
import { monitorRoute, type Route } from './route.ts';

const MonitorAnswer = v.object({
  status: v.picklist(['ok', 'failing']),
  /** Sentences for people; the keys stay the same. */
  problems: v.array(v.object({ key: v.string(), detail: v.string() })),
});

export const monitorRoutes: readonly Route[] = [
  monitorRoute({
    method: 'GET',
    path: '/monitor',
    summary: 'What is wrong with the service as a whole; 503 when anything is',
    who: 'monitor-key',
    answers: { 200: MonitorAnswer, 503: MonitorAnswer },
    async handle({ services, c }) {
      const problems = await monitorProblems(services);
      const status = problems.length === 0 ? 'ok' : 'failing';
      return c.json({ status, problems }, problems.length === 0 ? 200 : 503);
    },
  }),
];
