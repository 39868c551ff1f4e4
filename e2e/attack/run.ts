/**
 * `npm run attack`: starts the product in an empty folder and attacks it, a line each: right, or
 * FAULT with what came. Then every route of the interface in every role and relation, as a table.
 * Ends with `N passed, N failed, N skipped` and with 1 when anything came through.
 */

import { runCli } from '../../scripts/cli.ts';
import { brakes } from './brakes.ts';
import { counts } from './counts.ts';
import { frontDoor } from './front-door.ts';
import { startProduct } from './product.ts';
import { relations } from './relations.ts';
import { sessions } from './sessions.ts';
import { tryEverything } from './table.ts';
import { textInjection } from './text-injection.ts';
import { type Attack, makeWorld, type Verdict, type World } from './world.ts';

/** Without the brakes: what those use up, this machine's own tries, the others would miss. */
const ATTACKS: readonly Attack[] = [
  ...counts,
  ...relations,
  ...textInjection,
  ...sessions,
  ...frontDoor,
];

async function attempt(attack: Attack, world: World): Promise<Verdict> {
  try {
    return await attack.run(world);
  } catch (failure) {
    return { right: false, words: `it could not be tried: ${failure}` };
  }
}

async function main(): Promise<number> {
  console.log('Starting the product in an empty folder …');
  const product = await startProduct();
  let [passed, failed] = [0, 0];
  const count = ({ right, words }: Verdict, name: string) => {
    console.log(`${right ? 'right' : 'FAULT'}  ${name}: ${words}`);
    if (right) passed += 1;
    else failed += 1;
  };
  try {
    const world = await makeWorld(product);
    for (const attack of ATTACKS) count(await attempt(attack, world), attack.name);
    const { verdict, table } = await tryEverything(world);
    for (const attack of brakes) count(await attempt(attack, world), attack.name);
    console.log(`\n${table}\n`);
    count(verdict, 'D · every route in every role and relation');
  } finally {
    await product.stop();
  }
  console.log(`${passed} passed, ${failed} failed, 0 skipped`);
  return failed === 0 ? 0 : 1;
}

runCli('npm run attack: attacks the product, started in an empty folder', main, { leave: true });
