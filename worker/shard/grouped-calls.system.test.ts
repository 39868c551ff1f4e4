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

/** When the engine compiles is its own affair: so often the fault gets its chance. */
const ROUNDS = 15;
const PROCESSES = 8;

/**
 * What requests that come together are answered, after so many that the code is compiled: of the
 * first of some rounds that is not as it should be, or of the last.
 */
async function answers(vars: Record<string, string> = {}, rounds = ROUNDS): Promise<string[]> {
  const persist = await mkdtemp(join(tmpdir(), 'jambench-grouped-'));
  const code = await bundleWorker('worker/testing/grouped-worker.ts');
  const workerd = await startDirect({ code, persist, vars });
  const url = `http://${workerd.host}:${workerd.port}/`;
  const ask = async (body: string) => {
    const asked = await fetch(url, { method: 'POST', headers: { Number: body }, body });
    return await asked.text();
  };
  let told: string[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (let i = 0; i < WARM_UPS; i += 1) await (await fetch(url)).text();
      told = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => ask(String(n))));
      if (told.join() !== OWN.join()) break;
    }
    return told;
  } finally {
    await workerd.stop();
    await rm(persist, { recursive: true });
  }
}

const OWN = Array.from({ length: AT_ONCE }, (_, n) => `told ${n} ${n}`);

test('compiled, each request goes on as itself', async () => {
  expect(await answers({}, 3)).toEqual(OWN);
});

test('promises of the constructor are found out', { timeout: 120_000 }, async () => {
  // What the engine makes of the code it decides anew in each process, and otherwise when busy.
  let isFound = false;
  for (let processes = 0; processes < PROCESSES && !isFound; processes += 1) {
    isFound = (await answers({ PROMISES: 'constructor' })).join() !== OWN.join();
  }
  expect(isFound).toBe(true);
});
