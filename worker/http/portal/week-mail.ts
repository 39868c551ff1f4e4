/** The mail about a shop's week: switched by its owner, ended by whoever has got one. */
import * as v from 'valibot';
import { LocationId } from '../../../shared/contracts/common.ts';
import { WeekMail, WeekMailKey, WeekMailRequest } from '../../../shared/contracts/week-mail.ts';
import { endByKey, mailByKey, setWeekMail, weekMailOf } from '../../domain/week-mail.ts';
import { WEEK_MAIL_WORDS } from '../../domain/week-mail-words.ts';
import { escapeHtml, page } from '../kernel/html.ts';
import { once } from './once.ts';
import { publicRoute, type Route, route } from './route.ts';

const OWNER = ['owner'] as const;
const Shop = v.object({ id: LocationId });
const Key = v.object({ key: WeekMailKey });
const params = { id: 'bakery' };
const key = { key: 'c0ffee'.repeat(6).slice(0, 32) };

export const weekMailRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/locations/{id}/week-mail',
    summary: 'Whether one gets a mail about the own shop on Monday mornings',
    who: OWNER,
    params: Shop,
    answers: { 200: WeekMail },
    example: { params },
    handle: ({ services, person, params }) => weekMailOf(services, person, params.id),
  }),
  route({
    method: 'PUT',
    path: '/locations/{id}/week-mail',
    summary: 'Switch the Monday mails about the own shop on or off',
    who: OWNER,
    once: true,
    params: Shop,
    body: WeekMailRequest,
    answers: { 200: WeekMail },
    example: { params, body: { is_on: true, language: 'de' } },
    handle: once(({ services, params, body, by, c }) =>
      setWeekMail(services, by, params.id, body, new URL(c.req.url).origin),
    ),
  }),
  publicRoute({
    method: 'GET',
    path: '/week-mails/{key}',
    summary: 'The page behind a mail’s link: asks whether to end them, and ends nothing',
    who: 'public',
    params: Key,
    answers: { 200: v.string() },
    example: { params: key },
    async handle({ services, params, c }) {
      const found = await mailByKey(services, params.key);
      const words = WEEK_MAIL_WORDS[found?.language ?? 'en'];
      const shop = escapeHtml(found?.location_name ?? '');
      const form = `<form method="post"><p><button>${words.button}</button></p></form>`;
      const body = found ? `<p>${words.ask(shop)}</p>${form}` : `<p>${words.unknown}</p>`;
      const answer = `<h1>${words.title}</h1>${body}`;
      const language = found?.language ?? 'en';
      return await page(c, words.title, answer, { language, hasForm: true });
    },
  }),
  publicRoute({
    method: 'POST',
    path: '/week-mails/{key}',
    summary: 'End the Monday mails that this key came with (RFC 8058)',
    who: 'public',
    params: Key,
    answers: { 200: v.string() },
    example: { params: key },
    async handle({ services, params, nowMs, c }) {
      const found = await endByKey(services, params.key, nowMs);
      const words = WEEK_MAIL_WORDS[found?.language ?? 'en'];
      const said = found ? words.ended(escapeHtml(found.location_name)) : words.unknown;
      const language = found?.language ?? 'en';
      return await page(c, words.title, `<h1>${words.title}</h1><p>${said}</p>`, { language });
    },
  }),
];
