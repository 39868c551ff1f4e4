import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Http } from './http.ts';

const Answer = v.object({ n: v.number() });

function serve(answer: (request: Request) => Response | Promise<Response>, token = 'secret') {
  const seen: Request[] = [];
  const serverTimes: number[] = [];
  const fetcher = (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(new URL(String(input), 'https://bench.example.net'), init);
    seen.push(request);
    return await answer(request);
  }) as typeof fetch;
  const http = new Http(
    fetcher,
    async () => token,
    (ms) => void serverTimes.push(ms),
  );
  return { http, seen, serverTimes };
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

describe.each(['<html>Sign in</html>', '', '{"error":"no","message":1}', '{'])(
  'an answer that is not the server’s: %j',
  (body) => {
    test('never signs out, forbids or denies, at any status', async () => {
      for (let status = 200; status < 600; status += 1) {
        const empty = [204, 205, 304].includes(status);
        const { http } = serve(() => new Response(empty ? null : body, { status }));
        const failure = await http.send({ path: '/x', answer: Answer }).catch((e) => e);
        const wanted = { 413: 'too_large', 429: 'rate_limited' }[status];
        const mine = status < 300 && body.startsWith('{"') && !empty;
        expect([status, failure.code]).toEqual([
          status,
          mine ? 'internal' : (wanted ?? 'unavailable'),
        ]);
      }
    });
  },
);

test('a hotel’s sign-in page is reported as what it is', async () => {
  for (const status of [200, 511]) {
    const { http } = serve(() => new Response('<html>Welcome</html>', { status }));
    await expect(http.send({ path: '/x', answer: Answer })).rejects.toThrow(
      'This network wants you to sign in first.',
    );
  }
});

test('the server’s time is heard from its own answers only', async () => {
  const headers = { date: 'Fri, 20 Nov 2026 12:00:00 GMT' };
  const own = serve(() => Response.json({ n: 1 }, { headers }));
  await own.http.send({ path: '/x', answer: Answer });
  expect(own.serverTimes).toEqual([Date.UTC(2026, 10, 20, 12)]);
  const undated = serve(() => Response.json({ n: 1 }));
  await undated.http.send({ path: '/x', answer: Answer });
  const hotel = serve(() => new Response('<html>', { headers }));
  await hotel.http.send({ path: '/x', answer: Answer }).catch(() => undefined);
  expect([undated.serverTimes, hotel.serverTimes]).toEqual([[], []]);
});

test('an answer that breaks off in its middle is no answer', async () => {
  const { http } = serve(() => {
    const body = new ReadableStream({
      start(stream) {
        stream.enqueue(new TextEncoder().encode('{"n":'));
      },
      pull(stream) {
        stream.error(new TypeError('network error'));
      },
    });
    return new Response(body);
  });
  await expect(http.send({ path: '/x', answer: Answer })).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('a token that the server refuses is asked for anew, once', async () => {
  const refused = { error: { code: 'unauthenticated', message: 'over', hint: '' } };
  const asked: (string | null)[] = [];
  let good = 'b';
  const fetcher = (async (_input: unknown, init: RequestInit) => {
    const { authorization } = init.headers as Record<string, string>;
    const ok = authorization === `Bearer ${good}`;
    return ok ? Response.json({ n: 1 }) : Response.json(refused, { status: 401 });
  }) as typeof fetch;
  const token = async (old: string | null) => {
    asked.push(old);
    return old === null ? 'a' : 'b';
  };
  const http = new Http(fetcher, token, () => undefined);
  expect(await http.send({ path: '/x', answer: Answer })).toEqual({ n: 1 });
  expect(asked).toEqual([null, 'a']);
  good = 'c';
  await expect(http.send({ path: '/x', answer: Answer })).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  // the last time so that whoever gives tokens knows that the new one is refused as well
  expect(asked).toEqual([null, 'a', null, 'a', 'b']);
});

test('a pause, a conflict’s present value and a change’s key travel', async () => {
  const keys: (string | null)[] = [];
  const body = { error: { code: 'conflict', message: 'Changed.', hint: 'Look.', present: null } };
  const { http } = serve((request) => {
    keys.push(request.headers.get('idempotency-key'));
    return Response.json(body, { status: 409, headers: { 'Retry-After': '7' } });
  });
  const sent = http.send({ method: 'PUT', path: '/api/v1/x', body: {}, key: 'k1', answer: Answer });
  await expect(sent).rejects.toMatchObject({ code: 'conflict', present: null, retryAfterS: 7 });
  expect(keys).toEqual(['k1']);
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
