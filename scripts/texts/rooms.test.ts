/** Rooms of the page as it is: by its imports. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { roomsOf } from './rooms.ts';

const roomOf = roomsOf(join(import.meta.dirname, '..', '..'));

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
  // two of them use it
  ['web/ui/elements/form.ts', ['later', 'rest']],
  ['web/app/cancel.ts', ['bench', 'rest']],
  ['web/ui/elements/account.ts', ['rest']],
  ['web/api/auth-client.ts', ['rest']],
])('the texts of %s come with %s', (path, rooms) => expect(roomOf(path)).toEqual(rooms));
