/**
 * `npm run bench:flash`: time of each phase of preparing a virtual unit at 1× flash timing, and
 * flash throughput beside stock esptool-js and the timing model's own bound. The bench itself lies
 * with the page's flasher, which it measures; this file gives it files, sockets and a terminal.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NodeNetwork } from '../../firmware/virtual/network/node-network.ts';
import { runCli } from '../../scripts/cli.ts';
import { listText } from '../../scripts/vite/firmware-list.ts';
import { AppError } from '../../shared/errors.ts';
import { BUNDLE_LIST } from '../../shared/esp/manifest.ts';
import { type Post, startDeviceServer } from '../testing/device-server.ts';

const WEB = join(import.meta.dirname, '..', '..', 'web');
const PUBLIC = join(WEB, 'public');
const load = (path: string) => import(pathToFileURL(join(WEB, path)).href);

async function read(path: string): Promise<Uint8Array> {
  if (path === `/firmware/${BUNDLE_LIST}`) return new TextEncoder().encode(listText(PUBLIC));
  try {
    return new Uint8Array(await readFile(join(PUBLIC, path)));
  } catch (cause) {
    throw new AppError('bundle_missing', 'The firmware is not built: run npm run build:firmware.', {
      cause,
    });
  }
}

async function main(): Promise<void> {
  // Loaded by address: e2e/ is compiled without the page's libraries (Web Serial and DOM).
  const { runFlashBench } = await load('unit/testing/flash-bench.ts');
  const { TestBackend } = await load('app/testing/backend.ts');
  const backend = new TestBackend();
  const post: Post = (kind, id, hash) => backend.post(kind, id, hash);
  const server = await startDeviceServer(post);
  const network = new NodeNetwork({ route: () => ({ host: '127.0.0.1', port: server.port }) });
  try {
    await runFlashBench({ read, network, backend, print: (line: string) => console.log(line) });
  } finally {
    server.close();
  }
}

runCli('npm run bench:flash: time of each phase of preparing a virtual unit', main);
