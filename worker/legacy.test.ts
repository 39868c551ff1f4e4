/** Requests as v5.x units in the field send them, byte for byte, against the real Worker and D1. */
import { exports } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import vectors from '../shared/vectors/legacy-requests.json';
import { readLikeAnOldUnit, wireText } from './testing/old-unit.ts';
import { addUnit, freshWorld, iso, nowS, queue, TOKEN, WRONG_TOKEN } from './testing/world.ts';

/** Status line, our headers and body of a reading or heartbeat answer (device API). */
const ANSWER_MAX = 330;
const CASES = vectors.cases;
const T0_S = Math.floor(nowS() / 300) * 300 - 600;

beforeAll(async () => {
  await freshWorld();
  await addUnit('JBNB0001');
  await addUnit('JBNB0002', 'token-of-the-other-unit-abcdefghijklmnopqrst');
});

/** Fills the vector's placeholders and turns its bytes into a request. */
function requestOf(raw: string): Request {
  const filled = raw.replace(/\{\{(\w+)(?:([+-]\d+)s?)?\}\}/g, (_all, name, shift = '0') => {
    const by = Number(shift);
    if (name === 't0') return iso(T0_S + by);
    if (name === 'epoch') return String(nowS() + by);
    return { host: 'bench.example.net', token: TOKEN, wrong: WRONG_TOKEN }[name as 'host'];
  });
  const [head = '', body = ''] = filled.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = new Headers();
  for (const field of fields) {
    const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(field) ?? [];
    if (name !== 'Host' && name !== 'Connection') headers.set(name, value);
  }
  if (body) headers.set('Content-Length', String(body.length));
  const [method = '', path = ''] = line.split(' ');
  const init = method === 'GET' ? { method, headers } : { method, headers, body };
  return new Request(`http://bench.example.net${path}`, init);
}

test('the vectors are there', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(17);
});

test.each(CASES)('$name', async (vector) => {
  if ('before' in vector) await queue('JBNB0001', 'c0ffee00');
  const response = await exports.default.fetch(requestOf(vector.request));
  const wire = await wireText(response);
  expect(response.status).toBe(vector.status);
  for (const text of vector.contains) expect(wire.slice(0, 511)).toContain(text);
  for (const text of ('absent' in vector && vector.absent) || []) {
    expect(wire.slice(0, 511)).not.toContain(text);
  }
  expect(wire.length).toBeLessThanOrEqual(ANSWER_MAX);
  const view = readLikeAnOldUnit(wire);
  expect(view.success).toBe(vector.status < 300);
  expect(view.localUpdateMode).toBe(false);
});
