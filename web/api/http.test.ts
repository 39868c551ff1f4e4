import * as v from 'valibot';
import { expect, test } from 'vitest';
import { Http } from './http.ts';

const Answer = v.object({ n: v.number() });

function serve(answer: (request: Request) => Response | Promise<Response>, token = 'secret') {
  const seen: Request[] = [];
  const fetcher = (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(new URL(String(input), 'https://bench.example.net'), init);
    seen.push(request);
    return await answer(request);
  }) as typeof fetch;
  return { http: new Http(fetcher, async () => token), seen };
}

test('sends the token and gives the checked answer', async () => {
  const { http, seen } = serve(() => Response.json({ n: 1, more: true }));
  expect(await http.send({ path: '/x', answer: Answer })).toEqual({ n: 1 });
  expect(seen[0]?.headers.get('authorization')).toBe('Bearer secret');
});

test('a public request carries no token', async () => {
  const { http, seen } = serve(() => Response.json({ n: 1 }));
  await http.sendPublic({ method: 'POST', path: '/x', body: { a: 1 }, answer: Answer });
  expect(seen[0]?.headers.has('authorization')).toBe(false);
  expect(await seen[0]?.json()).toEqual({ a: 1 });
});

test('the server’s own words come through', async () => {
  const error = { code: 'conflict', message: 'taken', hint: 'another id' };
  const { http } = serve(() => Response.json({ error }, { status: 409 }));
  await expect(http.send({ path: '/x', answer: Answer })).rejects.toMatchObject(error);
});

test.each([
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [502, 'unavailable'],
  [418, 'internal'],
])('an answer %s without a known body is %s', async (status, code) => {
  const { http } = serve(() => new Response('<html>', { status }));
  await expect(http.send({ path: '/x', answer: Answer })).rejects.toMatchObject({ code });
});

test('an answer of another shape is an error, not a surprise later', async () => {
  const { http } = serve(() => Response.json({ n: 'one' }));
  await expect(http.send({ path: '/x', answer: Answer })).rejects.toMatchObject({
    code: 'internal',
  });
});

test('no network is unavailable', async () => {
  const { http } = serve(() => Promise.reject(new TypeError('Failed to fetch')));
  await expect(http.send({ path: '/x', answer: Answer })).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('a server that hangs is given up, and a person who leaves is not told off', async () => {
  const hang = (request: Request) =>
    new Promise<Response>((_, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason));
    });
  const { http } = serve(hang);
  await expect(http.send({ path: '/x', answer: Answer, timeoutMs: 5 })).rejects.toMatchObject({
    code: 'unavailable',
  });
  const leave = new AbortController();
  const waiting = http.send({ path: '/x', answer: Answer, signal: leave.signal });
  setTimeout(() => leave.abort());
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
});
