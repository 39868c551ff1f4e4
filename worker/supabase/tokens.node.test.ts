/** Tokens of a hosted project: published keys over real HTTP, asymmetric signatures. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishedKeyTokens, sharedSecretTokens } from './tokens.ts';

const keys = await generateKeyPair('ES256');
const strangers = await generateKeyPair('ES256');
const olga = { user_id: 'id-olga', email: 'olga@example.net' };

let server: Server;
let url: string;
let jwksAsked = 0;

beforeAll(async () => {
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  server = createServer((request, response) => {
    const found = request.url === '/auth/v1/.well-known/jwks.json';
    jwksAsked += 1;
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

function sign({
  key = keys.privateKey,
  issuer = `${url}/auth/v1`,
  expires = '1h',
  aud = 'authenticated',
  made = '0s',
}) {
  return new SignJWT({ email: olga.email, role: 'authenticated' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .setSubject(olga.user_id)
    .setIssuer(issuer)
    .setAudience(aud)
    .setIssuedAt(made)
    .setExpirationTime(expires)
    .sign(key);
}

test('a token of the project names its person; the keys are asked for once', async () => {
  const tokens = publishedKeyTokens(url);
  expect(await tokens.verify(await sign({}))).toMatchObject(olga);
  expect(await tokens.verify(await sign({}))).toMatchObject(olga);
  expect(jwksAsked).toBe(1);
});

test.each([
  ['of another project', { issuer: 'https://elsewhere.example.net/auth/v1' }],
  ['expired', { expires: '-1h' }],
  ['for another audience', { aud: 'anon' }],
  ['made later than now, so younger than any sign-out', { made: '1 day', expires: '2 days' }],
  ['signed by a stranger', { key: strangers.privateKey }],
])('a token %s is refused', async (_name, change) => {
  const verified = publishedKeyTokens(url).verify(await sign(change));
  await expect(verified).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a token that uses the published key as a shared secret is refused', async () => {
  const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)));
  const forged = await new SignJWT({ email: olga.email, role: 'authenticated' })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .setSubject(olga.user_id)
    .setIssuer(`${url}/auth/v1`)
    .setAudience('authenticated')
    .setExpirationTime('1h')
    .sign(secret);
  const verified = publishedKeyTokens(url).verify(forged);
  await expect(verified).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('keys out of reach are our trouble, not the person’s', async () => {
  for (const base of ['http://127.0.0.1:1', `${url}/nowhere`]) {
    const token = await sign({ issuer: `${base}/auth/v1` });
    const verified = publishedKeyTokens(base).verify(token);
    await expect(verified).rejects.toMatchObject({ code: 'unavailable' });
  }
});

test('an asymmetric token means nothing where a secret is shared', async () => {
  const verified = sharedSecretTokens('x'.repeat(40)).verify(await sign({}));
  await expect(verified).rejects.toMatchObject({ code: 'unauthenticated' });
});
