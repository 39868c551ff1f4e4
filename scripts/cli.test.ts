/** The face of every program, shown on two of them. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

function run(program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('--help shows how to call and does nothing', () => {
  const { status, stdout, stderr } = run('scripts/board.ts', '--port', '1', '--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('npm run board -- [options]');
});

test('an option that nobody knows is named, with those that there are', () => {
  const { status, stderr } = run('scripts/board.ts', '--prot', '1');
  expect(status).toBe(2);
  expect(stderr).toContain("'--prot'");
  expect(stderr).toContain('--port N');
});

test('a value out of range and a file that is not there are said in words', () => {
  const port = run('scripts/board.ts', '--port', '70000');
  expect(port.status).toBe(1);
  expect(port.stderr).toContain('--port "70000" must be a number from 0 to 65535.');
  const file = run('scripts/image.ts', 'info', 'not-there.bin');
  expect(file.status).toBe(1);
  expect(file.stderr).toBe('Cannot open not-there.bin: there is no such file.\n');
});
