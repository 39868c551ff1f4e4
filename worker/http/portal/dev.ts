/** Development only: the five-minute job at the press of a button, and the mails nobody got. */

import * as v from 'valibot';
import { CronReport } from '../../../shared/contracts/portal.ts';
import { isoTimeMs } from '../../../shared/time.ts';
import { escapeHtml, page } from '../kernel/html.ts';
import { publicRoute, type Route, route } from './route.ts';

export const devRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/dev/cron',
    summary: 'Run the five-minute job now',
    who: ['installer', 'admin'],
    answers: { 200: CronReport },
    development: true,
    handle: ({ services }) => services.runFiveMinutes(),
  }),
  publicRoute({
    method: 'GET',
    path: '/dev/outbox',
    summary: 'Mails that would have gone out, as a page',
    who: 'public',
    answers: { 200: v.string() },
    development: true,
    async handle({ services, c }) {
      const mails = await services.keptMails();
      const entries = mails.map(
        ({ sent_ms, subject, text }) =>
          `<article><h2>${escapeHtml(subject)}</h2>
          <p>${isoTimeMs(sent_ms)}</p><pre>${escapeHtml(text)}</pre></article>`,
      );
      const empty = '<p>No mail yet. The hourly job writes one when a unit falls silent.</p>';
      return page(c, 'Outbox', `<h1>Outbox</h1>${entries.join('\n') || empty}`);
    },
  }),
];
