/** The document and its page: whole, consistent, and self-contained. */
import { beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../shared/hash.ts';
import { ask, freshWorld } from '../testing/world.ts';
import { escapeHtml } from './kernel/html.ts';
import { allRoutes } from './routes.ts';

interface Operation {
  operationId: string;
  security: object[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, object>;
}
interface Document {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
}

const document = async () => (await ask(null, '/api/v1/openapi.json')).json<Document>();

beforeEach(freshWorld);

describe('the document', () => {
  test('names every route of the table once', async () => {
    const { openapi, servers, paths } = await document();
    expect(openapi).toBe('3.1.0');
    expect(servers).toEqual([{ url: 'http://bench.example.net' }]);
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations).toHaveLength(allRoutes.length);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const inPath = operation.parameters.filter((p) => p.in === 'path');
      expect(inPath.map((p) => p.name).sort(), path).toEqual(named.sort());
      expect(inPath.every((p) => p.required)).toBe(true);
      expect(Object.keys(operation.responses)).toContain('400');
    }
  });

  test('says what the schemas say', async () => {
    const { paths } = await document();
    const body = paths['/api/v1/units']?.post?.requestBody?.content['application/json']?.schema;
    expect(body).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['device_id', 'token_sha256', 'mac', 'firmware'],
      properties: { device_id: { type: 'string', pattern: '^JBNB(?:\\d{4}|[1-9]\\d{4,7})$' } },
    });
    expect(paths['/api/v1/me']?.get?.security).toEqual([{ person: [] }]);
    expect(paths['/api/v1/settings']?.get?.security).toEqual([]);
    expect(paths['/api/reading']?.post?.security).toEqual([{ unit: [] }]);
  });

  test('describes what units say, in all its names, and how they are refused', async () => {
    const { paths } = await document();
    const reading = paths['/api/reading']?.post;
    const body = reading?.requestBody?.content['application/json']?.schema;
    expect(body).toMatchObject({
      required: ['d', 't', 'i', 'u'],
      properties: {
        d: {
          pattern: '^JBNB(?:\\d{4}|[1-9]\\d{4,7})$',
          description: 'unit; also accepted: device_id',
        },
        i: { type: 'integer', minimum: 0, maximum: 10_000_000 },
        cell_rssi: { description: 'modem’s signal, dBm; also accepted: sig, signal_dbm' },
      },
    });
    expect(Object.keys(reading?.responses ?? {})).toEqual(['201', '400', '401', '413', '429']);
    expect(JSON.stringify(reading?.responses['401'])).toContain('#/components/schemas/ShortError');
    const chunk = paths['/api/ota/chunk']?.get?.parameters.map(({ name }) => name);
    expect(chunk).toEqual(['d', 'from', 'to', 'chunk']);
  });

  test('is kept for a while and asked about again', async () => {
    const first = await ask(null, '/api/v1/openapi.json');
    expect(first.headers.get('Cache-Control')).toBe('public, max-age=300');
    const headers = { 'If-None-Match': first.headers.get('ETag') ?? '' };
    await first.text();
    const again = await ask(null, '/api/v1/openapi.json', { headers });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

describe('the page', () => {
  test('shows every operation, runs nothing and loads nothing', async () => {
    const response = await ask(null, '/api/v1/docs');
    const html = await response.text();
    for (const { method, path } of allRoutes) {
      expect(html).toContain(`<code>${method} ${escapeHtml(path)}</code>`);
    }
    expect(html).not.toMatch(/<script|<link|<img|https?:\/\/(?!bench\.example\.net)[a-z]/);
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? '';
    const hash = btoa(String.fromCharCode(...(await sha256(style))));
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
  });
});
