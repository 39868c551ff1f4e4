/** Updates: what units ask in two spellings, and that no patch is offered that no unit can hold. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { describeIssues } from './common.ts';
import {
  CHUNK_BYTES,
  FirmwareRequest,
  OtaCheckRequest,
  OtaChunkQuery,
  OtaCompleteRequest,
  PATCH_BODY_MAX,
  PatchRequest,
  Version,
} from './ota.ts';

/** A unit's patch partition: 1 MiB (docs/formats/device-api.md). */
const PARTITION_BYTES = 1024 * 1024;

const reasonOf = (schema: v.GenericSchema, value: unknown) => {
  const { success, issues } = v.safeParse(schema, value);
  return success ? '' : describeIssues(issues);
};
const patch = (data: string) => reasonOf(PatchRequest, { from: '5.3', to: '5.4', data });
const base64 = (bytes: number) => Buffer.alloc(bytes, 0xa5).toString('base64');

describe('a patch', () => {
  test.each([1, 2, 3, 512, PARTITION_BYTES - 1, PARTITION_BYTES])('of %i bytes fits', (bytes) => {
    expect(patch(base64(bytes))).toBe('');
  });

  test.each([1, 2, 3, 4, 4096])('%i bytes larger than the partition is refused', (more) => {
    expect(patch(base64(PARTITION_BYTES + more))).toBe('data: must not be over 1048576 bytes');
  });

  test('the largest one has room in a request’s body', () => {
    const body = { from: 'x'.repeat(32), to: 'y'.repeat(32), sha256: 'a'.repeat(64) };
    const json = JSON.stringify({ ...body, data: base64(PARTITION_BYTES) });
    expect(json.length).toBeLessThanOrEqual(PATCH_BODY_MAX);
    expect(PATCH_BODY_MAX).toBeLessThan(1.5 * PARTITION_BYTES);
  });

  test.each([
    ['', 'data: must not be empty'],
    ['AQ=', 'data: must not be empty'],
    ['AQIDB', 'data: must be base64'],
    ['AQ==AQ==', 'data: must be base64'],
    ['AQI-', 'data: must be base64'],
    ['AQID\n', 'data: must be base64'],
    [' AQID', 'data: must be base64'],
  ])('%j: %s', (data, reason) => expect(patch(data)).toBe(reason));

  test('is taken just where Node writes it so', () => {
    const text = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 9 }).map((b) => Buffer.from(b).toString('base64')),
      fc.stringMatching(/^[A-Za-z0-9+/]{0,9}={0,3}$/),
    );
    fc.assert(
      fc.property(text, (data) => {
        const isWhole = data.length >= 4 && data.length % 4 === 0 && /^[^=]*={0,2}$/.test(data);
        expect([data, patch(data) === '']).toEqual([data, isWhole]);
      }),
    );
  });
});

test.each(['5.4', '6.0.0', '6.0.0-rc.1+build_7', 'v6', '0', 'a'.repeat(32)])(
  '%s is a version',
  (version) => expect(v.is(Version, version)).toBe(true),
);

test.each(['', '.5', '-1', '+1', '_1', '5.4 ', '5/4', '5,4', '5.4\n', 'é', 'a'.repeat(33)])(
  '%j is none: it goes into addresses, files and a unit’s fields',
  (version) => expect(reasonOf(Version, version)).toBe('must be a version like 5.4'),
);

test('both generations ask the same', () => {
  const asked = { device_id: 'JBNB0001', version: '5.3' };
  expect(v.parse(OtaCheckRequest, { d: 'JBNB0001', v: '5.3' })).toEqual(asked);
  expect(v.parse(OtaCheckRequest, { device_id: 'JBNB0001', fw_version: '5.3' })).toEqual(asked);
  expect(reasonOf(OtaCheckRequest, { device_id: 'JBNB0001' })).toBe('v: is missing');
});

test.each([
  ['0', 0],
  ['7', 7],
  ['02047', 2047],
  ['99999', 99_999],
])('chunk %s is number %i', (chunk, number) => {
  const query = { d: 'JBNB0001', from: '5.3', to: '5.4', chunk };
  const asked = { device_id: 'JBNB0001', from: '5.3', to: '5.4', chunk: number };
  expect(v.parse(OtaChunkQuery, query)).toEqual(asked);
  expect(number).toBeLessThan(50 * (PARTITION_BYTES / CHUNK_BYTES));
});

test.each(['', '-1', '1.5', '1e3', '0x1', ' 1', '123456', undefined])(
  'chunk %j is none',
  (chunk) => {
    const query = { device_id: 'JBNB0001', from: '5.3', to: '5.4', chunk };
    expect(reasonOf(OtaChunkQuery, query)).toMatch(/^chunk: (must be a whole number|is missing)$/);
  },
);

test.each([
  [{ d: 'JBNB0001', v: '5.4', success: true }, true],
  [{ d: 'JBNB0001', success: false, error: 'hash' }, false],
  [{ device_id: 'JBNB0001', fw_version: '5.4', status: 'success' }, true],
  [{ device_id: 'JBNB0001', status: 'failed' }, false],
  [{ device_id: 'JBNB0001', status: 'SUCCESS' }, false],
  // Who says both means the field that is made for it.
  [{ d: 'JBNB0001', success: false, status: 'success' }, false],
])('%j ended well: %s', (said, success) => {
  expect(v.parse(OtaCompleteRequest, said)).toMatchObject({ device_id: 'JBNB0001', success });
});

test('an update that says not how it ended is refused; its words never are', () => {
  expect(reasonOf(OtaCompleteRequest, { d: 'JBNB0001' })).toBe('success: is missing');
  const ended = { d: 'JBNB0001', success: false, error: 'é\u0000'.repeat(100) };
  expect(v.parse(OtaCompleteRequest, ended).error).toBe('??'.repeat(100));
});

test.each([
  [{ version: '6.0.0' }, { version: '6.0.0', current: true, rollout_percent: 100 }],
  [{ version: '6.0.0', current: false, rollout_percent: 0 }, {}],
  [{ version: '6.0.0', rollout_percent: -1 }, null],
  [{ version: '6.0.0', rollout_percent: 101 }, null],
  [{ version: '6.0.0', rollout_percent: 0.5 }, null],
  [{ version: '6.0.0', rollout: 5 }, null],
])('firmware %j', (request, taken) => {
  const { success, output } = v.safeParse(FirmwareRequest, request);
  expect(success ? output : null).toEqual(taken && { ...request, ...taken });
});
