/** What an installer does on the bench, signed in. Knows no engine. */
import { expect, test } from '@playwright/test';
import type { Scene } from './scene.ts';

const PREPARE_MS = 120_000;

/** @param unit the id of the virtual unit that is prepared */
export function installerPrepares(scene: Scene, unit: string): void {
  test('the bench says what this browser can, and prepares a virtual unit', async () => {
    test.setTimeout(PREPARE_MS);
    await scene.person.open('/bench');
    await scene.person.reads('Make a JamBox ready');
    expect(await scene.person.isDisabled('button', 'Connect a unit')).toBe(!scene.kind.hasSerial);
    if (scene.kind.hasSerial) await scene.person.readsNot('This browser cannot');
    else {
      const others = 'open this page in Chrome, Edge, Opera, or Firefox (151 or later)';
      await scene.person.reads('This browser cannot reach USB serial ports', others);
    }
    await scene.pictures('bench');
    await scene.person.open('/bench?virtual&timing=0&speed=10');
    // as a person in a hurry types it
    await scene.person.fill('Device id', `jbnb ${unit.slice(4)}`);
    await scene.person.press('Prepare unit');
    // a first reading of a few seconds may hold nobody
    await scene.person.reads(new RegExp(`${unit} (is ready|reports, but has counted nobody yet)`));
    await scene.pictures('bench-prepared');
  });
}
