import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runToEnd, startChild } from './children.ts';
import { hashInputs, unlessUnchanged } from './inputs.ts';
import { readOptions } from './options.ts';
import { requireFreePort } from './ports.ts';
import { loadSecrets } from './secrets.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jambench-start-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const script = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('options: defaults, environment, command line', () => {
  expect(readOptions([], {})).toMatchObject({ port: 5170, supabasePort: 54321, reset: false });
  expect(readOptions([], { PORT: '80' }).port).toBe(80);
  // --port alone is enough for a second copy
  const beside = (port: number) => readOptions(['--port', String(port)], {}).supabasePort;
  expect([beside(5170), beside(5180), beside(8080)]).toEqual([54_321, 54_331, 57_231]);
  for (const port of [1, 80, 1024, 16_400, 65_535]) {
    expect(beside(port)).toBeGreaterThan(1023);
    expect(beside(port)).toBeLessThan(65_536);
    expect(beside(port)).not.toBe(port);
  }
  expect(readOptions(['--port', '81', '--reset'], { PORT: '80' })).toMatchObject({
    port: 81,
    reset: true,
  });
  expect(() => readOptions(['--port', 'abc'], {})).toThrow(/--port must be a number/);
  expect(() => readOptions(['--prot', '1'], {})).toThrow(/--prot/);
});

test('a busy port is reported with its holder and a way on', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const error = requireFreePort(port, '--port');
  await expect(error).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`Port ${port} is taken`),
    hint: expect.stringContaining('--port'),
  });
  if (process.platform === 'linux')
    await expect(requireFreePort(port, '--port')).rejects.toThrow(`process ${process.pid}`);
  await new Promise((resolve) => server.close(resolve));
  await requireFreePort(port, '--port');
});

test('secrets are random, kept, and for their owner only', () => {
  const one = loadSecrets(join(folder, 'a'));
  expect(loadSecrets(join(folder, 'a'))).toEqual(one);
  expect(loadSecrets(join(folder, 'b')).jwtSecret).not.toBe(one.jwtSecret);
  expect(one.passwords.owner).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
  expect(statSync(join(folder, 'a', 'secrets.json')).mode & 0o777).toBe(0o600);
  const { pinPepper: _added, ...older } = one;
  writeFileSync(join(folder, 'a', 'secrets.json'), JSON.stringify(older));
  const filled = loadSecrets(join(folder, 'a'));
  expect(filled).toMatchObject(older);
  expect(loadSecrets(join(folder, 'a')).pinPepper).toBe(filled.pinPepper);
  writeFileSync(join(folder, 'b', 'secrets.json'), '{');
  expect(() => loadSecrets(join(folder, 'b'))).toThrow(/damaged/);
});

test('a step runs again only when its inputs changed or it failed', async () => {
  script('input.txt', 'one');
  const stamp = join(folder, 'stamps', 'x');
  const hash = () => hashInputs(folder, ['input.txt', 'not-there']);
  const fails = () => Promise.reject(new Error('no'));
  await expect(unlessUnchanged(stamp, hash(), fails)).rejects.toThrow('no');
  expect(await unlessUnchanged(stamp, hash(), () => Promise.resolve())).toBe(true);
  expect(await unlessUnchanged(stamp, hash(), fails)).toBe(false);
  script('input.txt', 'two');
  expect(await unlessUnchanged(stamp, hash(), () => Promise.resolve())).toBe(true);
});

test('a program that fails is quoted', async () => {
  const bad = script('bad.mjs', "console.error('no such table'); process.exit(3);");
  await expect(runToEnd('It failed.', [bad], { cwd: folder })).rejects.toThrow(/no such table/);
});

test('a child is stopped in order, and its own end is noticed', async () => {
  const text = `process.on('SIGTERM', () => { console.log('closed'); process.exit(0); });
console.log('ready');`;
  const child = startChild('x', [script('s.mjs', `${text}setInterval(() => {}, 1e3)`)], {
    cwd: folder,
  });
  while (child.tail() === '') await sleep(20);
  await child.stop();
  expect(child.tail()).toMatch(/closed$/);
  const short = startChild('y', [script('e.mjs', 'process.exitCode = 7')], { cwd: folder });
  expect(await short.ended).toBe(7);
});

test('children end with a parent that is killed', async () => {
  const children = join(import.meta.dirname, 'children.ts');
  const idle = script('idle.mjs', 'console.log(process.pid); setInterval(() => {}, 1000);');
  const parent = script(
    'parent.ts',
    `import { startChild } from ${JSON.stringify(children)};
const child = startChild('idle', [${JSON.stringify(idle)}], { cwd: '.' });
setInterval(() => console.log(child.tail()), 50);`,
  );
  const process_ = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) =>
    process_.stdout.on(
      'data',
      (chunk) => /^\d+/.test(chunk) && resolve(Number.parseInt(chunk, 10)),
    ),
  );
  expect(alive(pid)).toBe(true);
  process_.kill('SIGKILL');
  for (let i = 0; i < 50 && alive(pid); i++) await sleep(100);
  expect(alive(pid)).toBe(false);
});
