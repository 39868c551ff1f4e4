/**
 * The mail box of the development stack: what the embedded sign-in service would mail lies as a
 * file in the data folder, readable by its owner only, since a link in it opens an account. Knows
 * no sender.
 */
import { existsSync, readdirSync, readFileSync, renameSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepPrivate } from './private.ts';

export interface KeptMail {
  to: string;
  subject: string;
  /** Plain text; links stand on lines of their own. */
  text: string;
}

/** The folder of a data folder's mails. */
export const mailFolder = (data: string): string => join(data, 'mails');

/** Names sort by time: milliseconds in a fixed width, and a number for those of one instant. */
const NAME_DIGITS = 15;

/** Puts a mail into the box. */
export function keepMail(folder: string, { to, subject, text }: KeptMail, nowMs: number): void {
  keepPrivate(folder);
  const stem = String(nowMs).padStart(NAME_DIGITS, '0');
  let n = 0;
  while (existsSync(join(folder, `${stem}-${n}.txt`))) n += 1;
  const lines = [`To: ${to}`, `Subject: ${subject}`, '', text, ''];
  // Under its name only when it is whole: whoever watches the folder reads at once.
  const part = join(folder, `${stem}-${n}.part`);
  writeFileSync(part, lines.join('\n'), { mode: 0o600 });
  renameSync(part, join(folder, `${stem}-${n}.txt`));
}

/** Newest first. */
export function keptMails(folder: string): KeptMail[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  return names
    .sort()
    .reverse()
    .map((name) => mailOf(readFileSync(join(folder, name), 'utf8')));
}

function mailOf(file: string): KeptMail {
  const [head = '', ...rest] = file.split('\n\n');
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1] ?? '';
  return { to: field('To'), subject: field('Subject'), text: rest.join('\n\n').trim() };
}

/** Calls `log` for each mail that comes from now on; holds no process up. @returns how to stop */
export function watchMails(folder: string, log: (mail: KeptMail) => void): () => void {
  keepPrivate(folder);
  let known = keptMails(folder).length;
  const watcher = watch(folder, { persistent: false }, () => {
    const mails = keptMails(folder);
    for (const mail of mails.slice(0, mails.length - known).reverse()) log(mail);
    known = mails.length;
  });
  return () => watcher.close();
}

/** The words of a mail's HTML: one line a paragraph, the address of a link behind its words. */
export function textOf(html: string): string {
  return html
    .replace(/<a [^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g, '$2:\n$1')
    .replace(/<\/p>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&amp;/g, '&')
    .trim();
}
