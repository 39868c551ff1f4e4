/**
 * What an administrator must know that belongs to no unit: mailed once, and listed. Knows no
 * HTTP and no SQL.
 */

import type { NoticeKind, NoticesPage } from '../../shared/contracts/notice.ts';
import { isoTimeMs, minuteUtc } from '../../shared/time.ts';
import { asLine, type Mailer } from './mail.ts';
import { keyIn, type PageQuery, paged } from './page.ts';

export interface Notice {
  id: number;
  at_ms: number;
  kind: NoticeKind;
  /** One sentence, without anything secret. */
  detail: string;
}

/** A notice with its mail: null as long as it waits for one. */
export interface KeptNotice extends Notice {
  mailed_ms: number | null;
  mailed_to: string | null;
}

export interface NoticeStore {
  add(notice: Omit<Notice, 'id'>): Promise<void>;
  /** Newest first, those with an id below `beforeId`. */
  list(beforeId: number | undefined, limit: number): Promise<KeptNotice[]>;
  /** Oldest first: those that no mail has reported. */
  unmailed(limit: number): Promise<Notice[]>;
  markMailed(upToId: number, nowMs: number, recipients: string): Promise<void>;
}

/** Lines in one mail; the rest comes with the next run. */
const MAIL_NOTICES_MAX = 50;

/** One run: a mail about what is new. @throws AppError `unavailable` when nobody took it */
export async function mailNotices(store: NoticeStore, mailer: Mailer, nowMs: number) {
  const notices = await store.unmailed(MAIL_NOTICES_MAX);
  const last = notices.at(-1);
  if (!last) return { told: 0 };
  await mailer.send({
    subject: `JamBench: ${notices.length === 1 ? '1 notice' : `${notices.length} notices`}`,
    text: notices.map(({ at_ms, detail }) => asLine(`- ${minute(at_ms)}: ${detail}`)).join('\n'),
    idempotency_key: `notices-${notices[0]?.id}-${last.id}`,
  });
  await store.markMailed(last.id, nowMs, mailer.to ?? '');
  return { told: notices.length };
}

/** A page of notices, newest first. */
export async function listNotices(store: NoticeStore, query: PageQuery): Promise<NoticesPage> {
  const beforeId = keyIn(query.cursor, Number);
  const ask = (n: number) => store.list(beforeId, n);
  const { rows, next_cursor } = await paged(ask, query.limit, ({ id }) => String(id));
  const notices = rows.map(({ at_ms, mailed_ms, ...row }) => {
    return {
      ...row,
      at: isoTimeMs(at_ms),
      mailed_at: mailed_ms === null ? null : isoTimeMs(mailed_ms),
    };
  });
  return { notices, next_cursor };
}

const minute = (ms: number) => minuteUtc(ms / 1000);
