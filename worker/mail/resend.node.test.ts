/** Resend's interface played by a real HTTP answer each; what matters is what is sent and kept. */
import { expect, test } from 'vitest';
import { resendMailer } from './resend.ts';

const MAIL = { subject: '1 unit is silent', text: 'JBNB0001', idempotency_key: 'silence-1' };
const ACCESS = {
  apiKey: 'key-of-a-test',
  from: 'bench@example.net',
  to: 'a@example.net, b@example.net,',
};

function answering(status: number, body = '{"id":"1"}') {
  const asked: { url: string; init: RequestInit }[] = [];
  const play = (async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    return new Response(body, { status });
  }) as typeof fetch;
  return { asked, mailer: resendMailer({ ...ACCESS, fetch: play }) };
}

test('a mail goes out once, with its key and to all addresses', async () => {
  const { asked, mailer } = answering(200);
  await mailer.send(MAIL);
  expect(asked).toHaveLength(1);
  const { url, init } = asked[0] ?? { url: '', init: {} };
  expect(url).toBe('https://api.resend.com/emails');
  expect(new Headers(init.headers).get('Authorization')).toBe('Bearer key-of-a-test');
  expect(new Headers(init.headers).get('Idempotency-Key')).toBe('silence-1');
  expect(JSON.parse(String(init.body))).toEqual({
    from: 'bench@example.net',
    to: ['a@example.net', 'b@example.net'],
    subject: '1 unit is silent',
    text: 'JBNB0001',
  });
  expect(init.signal).toBeInstanceOf(AbortSignal);
});

test('a mail of one person goes to that one, with how to end such mails', async () => {
  const { asked, mailer } = answering(200);
  const url = 'https://bench.example.net/api/v1/week-mails/00';
  await mailer.send({ ...MAIL, to: 'olga@example.net', end_url: url });
  expect(JSON.parse(String(asked[0]?.init.body))).toMatchObject({
    to: ['olga@example.net'],
    headers: { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': expect.any(String) },
  });
});

test.each([
  ['a refusal', async () => answering(422, 'from: not verified').mailer.send(MAIL)],
  ['no key', () => resendMailer({ ...ACCESS, apiKey: undefined }).send(MAIL)],
  ['no recipient', () => resendMailer({ ...ACCESS, to: ' , ' }).send(MAIL)],
  [
    'no network',
    () =>
      resendMailer({ ...ACCESS, fetch: () => Promise.reject(new Error('unreachable')) }).send(MAIL),
  ],
])('%s is reported, without the key', async (_name, sending) => {
  const failure = await sending().then(
    () => null,
    (error: Error) => error,
  );
  expect(failure).toMatchObject({ code: 'unavailable' });
  expect(failure?.message).not.toContain(ACCESS.apiKey);
});
