/** The modem over the console's records: the real firmware on the whole virtual board. */
import { existsSync, promises } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { NodeNetwork } from '../../firmware/virtual/network/node-network.ts';
import { listText } from '../../scripts/vite/firmware-list.ts';
import { firmwareSource } from '../unit/firmware-source.ts';
import { AtConsole } from './at-console.ts';
import { PrepareFlow } from './prepare.ts';
import { systemTime } from './system-time.ts';
import { TestBackend, TestOutbox } from './testing/backend.ts';
import { boardBench } from './testing/board-bench.ts';
import { Unit } from './unit.ts';

vi.setConfig({ testTimeout: 60_000 });

const FOLDER = new URL('../public/', import.meta.url);
const built = existsSync(new URL('firmware/virtual/manifest.json', FOLDER));
const NOT_BUILT = 'the firmware is not built (npm run build:firmware)';

const fromDisk = firmwareSource(async (url) => {
  if (url === '/firmware/bundles.json') return new Response(listText(FOLDER.pathname));
  return new Response(new Uint8Array(await promises.readFile(new URL(`.${url}`, FOLDER))));
});

test('answers end as the modem ends them, and say what they mean', async ({ skip }) => {
  skip(!built, NOT_BUILT);
  const { board, unitPort } = boardBench({ seed: 3, speed: 60, network: new NodeNetwork({}) });
  try {
    const unit = new Unit(systemTime);
    await unit.connect(unitPort);
    const parts = { unit, portal: new TestBackend(), outbox: new TestOutbox() };
    const flow = new PrepareFlow({ ...parts, firmware: fromDisk, time: systemTime });
    await flow.start({ deviceId: '', action: 'bringup' });
    expect(flow.state.value.error).toBeNull();
    const at = new AtConsole(unit, systemTime);
    const facts = () => at.state.value.entries.flatMap((entry) => entry.facts ?? []);
    expect(await at.send('AT+CSQ')).toEqual(['+CSQ: 18,99', 'OK']);
    expect(facts()).toContainEqual({ is: 'signal', dbm: -77 });
    expect(at.state.value.entries.at(-1)).toMatchObject({
      ...{ kind: 'final', line: 'OK', tookMs: expect.any(Number) },
    });
    await at.send('AT+CMEE=2');
    expect((await at.send('AT+CFUN=9'))?.at(-1)).toBe('+CME ERROR: incorrect parameters');
    expect(facts().at(-1)).toMatchObject({ is: 'error', number: 50 });
    // It takes the air up to a minute: longer than the unit waits of itself.
    const scan = await at.send('AT+COPS=?');
    expect(scan?.at(-1)).toBe('OK');
    expect(facts()).toContainEqual(expect.objectContaining({ is: 'on_air' }));
    expect(at.state.value.running).toBeNull();
  } finally {
    board.dispose();
  }
});
