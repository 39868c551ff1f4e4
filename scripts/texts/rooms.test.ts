/** Rooms of the page as it is: by its imports. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { roomsOf } from './rooms.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const roomOf = roomsOf(ROOT);

test.each([
  ['web/ui/pages/insights-page.ts', ['first']],
  // through what the shell and the Store page import
  ['web/ui/elements/notice.ts', ['first']],
  ['web/app/session.ts', ['first']],
  // fetched by the Store page
  ['web/ui/elements/chart-hours.ts', ['later']],
  // fetched by addresses, or by a page that is
  ['web/ui/pages/bench-page.ts', ['bench']],
  ['web/unit/flasher.ts', ['bench']],
  // three of them use it
  ['web/ui/elements/form.ts', ['later', 'bench', 'rest']],
  ['web/app/cancel.ts', ['bench', 'rest']],
  ['web/ui/elements/account.ts', ['rest']],
  ['web/api/auth-client.ts', ['rest']],
])('the texts of %s come with %s', (path, rooms) => expect(roomOf(path)).toEqual(rooms));

const PAGE_FILE = /import\('\.\/(pages\/[\w-]+\.ts)'\)/;

test('every address asks for the texts of its page, which stands there wordless otherwise', () => {
  const source = readFileSync(join(ROOT, 'web', 'ui', 'routes.ts'), 'utf8');
  const pages = source.split(/\btitle: \(\) =>/).slice(1);
  expect(pages.length).toBeGreaterThan(12);
  for (const page of pages) {
    const [, tab] = /\btab: (?:'(\w+)'|null)/.exec(page) ?? [];
    const [, file] = PAGE_FILE.exec(page) ?? [];
    const [, own] = /\btexts: \[([^\]]*)\]/.exec(page) ?? [];
    const asked = own?.match(/\w+/g) ?? [tab === 'bench' ? 'bench' : 'rest'];
    const rooms = roomOf(`web/ui/${file}`);
    const isThere = rooms.some((room) => room === 'first' || asked.includes(room));
    expect(isThere, `${file} is in ${rooms}; its address asks for ${asked}`).toBe(true);
  }
});
