import { expect, test } from 'vitest';
import type { AtEntry } from './at-console.ts';
import { transcriptJson, transcriptText } from './at-transcript.ts';

const AT = Date.parse('2026-12-01T05:00:00Z');
const ENTRIES: AtEntry[] = [
  { seq: 1, at: AT, kind: 'sent', line: 'AT+CIMI', facts: null },
  {
    ...{ seq: 2, at: AT + 40, kind: 'answer', line: '310260123456789' },
    facts: [{ is: 'identity', of: 'imsi', digits: '310260123456789' }],
  },
  { seq: 3, at: AT + 50, kind: 'unasked', line: '\u001b[31m+CEREG: 5', facts: null },
  { seq: 4, at: AT + 60, kind: 'final', line: 'OK', facts: null, tookMs: 60 },
];

test('a file for support has times, directions and no number of a subscriber', () => {
  const text = transcriptText(ENTRIES, 'F4:12:FA:00:00:01');
  expect(text.split('\n')).toEqual([
    '# unit F4:12:FA:00:00:01; > sent, < answered, ! unasked, # trouble',
    '2026-12-01T05:00:00.000Z > AT+CIMI',
    '2026-12-01T05:00:00.040Z < •••••••••••6789',
    '2026-12-01T05:00:00.050Z ! \\x1b[31m+CEREG: 5',
    '2026-12-01T05:00:00.060Z < OK  (60 ms)',
    '',
  ]);
});

test('and the same as JSON', () => {
  const json = transcriptJson(ENTRIES, null);
  expect(json).not.toContain('310260');
  expect(JSON.parse(json)).toMatchObject({
    unit: null,
    lines: [{ kind: 'sent' }, { facts: [] }, { kind: 'unasked' }, { kind: 'final', took_ms: 60 }],
  });
});
