/**
 * Grouped calls in workerd itself, compiled to machine code: whoever waited goes on within its own
 * request. With promises of `new Promise` that was not so, and 31 of 32 requests got no answer.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDirect } from '../../e2e/testing/direct-workerd.ts';
import { bundleWorker } from '../../scripts/build/worker-module.ts';

const AT_ONCE = 32;
/** Long requests for the engine to compile what they run. */
const WARM_UPS = 4;

/** What requests that come together are answered, after so many that the code is compiled. */
async function answers(vars: Record<string, string> = {}): Promise<string[]> {
  const persist = await mkdtemp(join(tmpdir(), 'jambench-grouped-'));
  const code = await bundleWorker('worker/testing/grouped-worker.ts');
  const workerd = await startDirect({ code, persist, vars });
  const url = `http://${workerd.host}:${workerd.port}/`;
  const ask = async (body: string) => {
    const asked = await fetch(url, { method: 'POST', headers: { Number: body }, body });
    return await asked.text();
  };
  try {
    for (let i = 0; i < WARM_UPS; i += 1) await (await fetch(url)).text();
    return await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => ask(String(n))));
  } finally {
    await workerd.stop();
    await rm(persist, { recursive: true });
  }
}

const OWN = Array.from({ length: AT_ONCE }, (_, n) => `told ${n} ${n}`);

test('compiled, each request goes on as itself', async () => {
  expect(await answers()).toEqual(OWN);
});

test('promises of the constructor are found out', async () => {
  expect(await answers({ PROMISES: 'constructor' })).not.toEqual(OWN);
});
