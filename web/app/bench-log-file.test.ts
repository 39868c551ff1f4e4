import { expect, test } from 'vitest';
import type { LogLine } from './bench-log.ts';
import { found, logCsv } from './bench-log-file.ts';

const line = (more: Partial<LogLine> = {}): LogLine => ({
  ...{ account: 'id-ada', number: 1, page: 'tab', by: 'ada@example.net', action: 'prepare' },
  ...{ mac: 'F4:12:FA:00:00:01', deviceId: 'JBNB0001', locationId: 'b1', jambox: '6.1.0' },
  ...{ provisioning: '6.0.0', beganAt: Date.UTC(2026, 10, 30, 8), result: 'done' },
  ...{ endedAt: Date.UTC(2026, 10, 30, 8, 0, 31), stage: 'signal', trouble: '' },
  ...{ isQueued: false, signalDbm: -97, ...more },
});

const LINES = [
  line(),
  line({ deviceId: 'JBNB0002', mac: 'F4:12:FA:00:00:02', result: 'failed', locationId: null }),
  line({ deviceId: 'JBNB0003', mac: 'F4:12:FA:00:00:03', result: 'broken_off', endedAt: null }),
];
const names = (id: string) => (id === 'b1' ? 'Café Móvil' : null);
const idsFor = (sought: string) => found(LINES, sought, names).map(({ deviceId }) => deviceId);

test.each([
  ['', ['JBNB0001', 'JBNB0002', 'JBNB0003']],
  ['fa:00:00:02', ['JBNB0002']],
  ['café', ['JBNB0001', 'JBNB0003']],
  ['  CAFÉ   broken ', ['JBNB0003']],
  ['2026-11-30 failed', ['JBNB0002']],
  ['6.1.0', ['JBNB0001', 'JBNB0002', 'JBNB0003']],
  ['eve@', []],
])('%j is looked for in every field, word by word', (sought, ids) => {
  expect(idsFor(sought)).toEqual(ids);
});

test('as the page writes a time it is found, too', () => {
  const told = ({ number }: LogLine) => `30. Nov. ${number}`;
  expect(found(LINES, 'nov.', names, told)).toHaveLength(3);
});

test('the file is RFC 4180 with times in UTC, and what was broken off has no end', () => {
  const rows = logCsv([LINES[0]!, LINES[2]!], names).slice(1).split('\r\n');
  expect(rows[1]).toBe(
    '2026-11-30T08:00:00.000Z,2026-11-30T08:00:31.000Z,31,F4:12:FA:00:00:01,JBNB0001,prepare,' +
      'done,signal,,,b1,Café Móvil,6.1.0,6.0.0,-97,ada@example.net',
  );
  expect(rows[2]).toContain('2026-11-30T08:00:00.000Z,,,F4:12:FA:00:00:03,JBNB0003,prepare,broken');
  expect(rows).toHaveLength(4);
});

test.each([
  ['=HYPERLINK("http://example.net")', `"'=HYPERLINK(""http://example.net"")"`],
  ['said "no", twice', '"said ""no"", twice"'],
  ['line\r\nbreak', '"line\r\nbreak"'],
])('%j in a name or a sentence stays text', (name, cell) => {
  expect(logCsv([line()], () => name)).toContain(`,b1,${cell},`);
  expect(logCsv([line({ trouble: name })], names)).toContain(`,signal,${cell},`);
});
