import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'nvs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const nvs = (...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'nvs.ts'), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

function csv(text: string, encoding: BufferEncoding = 'utf8'): string {
  writeFileSync(join(folder, 'in.csv'), Buffer.from(text, encoding));
  return 'in.csv';
}

test('a CSV becomes an image and comes back, whatever its values hold', () => {
  writeFileSync(join(folder, 'key.pem'), 'a\r\n# b\r\n');
  const file = csv('key,type,encoding,value\na,namespace,,\nk,file,string,key.pem\nn,data,u8,7\n');
  expect(nvs(file, 'out.bin', '0x3000')).toMatchObject({ status: 0, stderr: '' });
  const { status, stdout } = nvs('--read', 'out.bin');
  expect(status).toBe(0);
  expect(nvs(csv(stdout), 'again.bin', '0x3000').status).toBe(0);
  const bytes = (name: string) => readFileSync(join(folder, name));
  expect(bytes('again.bin').equals(bytes('out.bin'))).toBe(true);
});

test.each([
  ['a,namespace\nk,data,string,Café\n', 'latin1' as const, 'in.csv is not UTF-8 text.'],
  ['\uFEFFa,namespace\n', 'utf16le' as const, 'in.csv is not UTF-8 text.'],
  ['a,namespace\nk,file,string,none.pem\n', 'utf8' as const, 'Cannot open none.pem'],
])('%j in %s is refused: %s', (text, encoding, words) => {
  const { status, stderr } = nvs(csv(text, encoding), 'out.bin', '0x3000');
  expect(status).toBe(1);
  expect(stderr).toContain(words);
});

test('what is no image is reported', () => {
  const { status, stderr } = nvs('--read', csv('no image'));
  expect(status).toBe(1);
  expect(stderr).toBe('Left out: page 0: only 8 of its 4096 bytes are there.\n');
});
