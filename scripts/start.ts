/**
 * `npm start`: the whole of JamBench on this machine, until Ctrl-C. Says what it does, where to
 * click and how to sign in. Knows nothing of how each part is started.
 */

import { runCli } from './cli.ts';
import { readOptions, USAGE } from './start/options.ts';
import { DEMO_ROLES, demoEmail } from './start/secrets.ts';
import { type Stack, startStack } from './start/stack.ts';

const EXIT_FAILED = 1;
/** As shells say it: 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

async function main(args: string[]): Promise<number> {
  const begin = Date.now();
  const options = readOptions(args);
  const interrupted = untilInterrupted();
  const starting = startStack(options, (sentence) => console.log(sentence));
  const stack = await Promise.race([starting, interrupted]);
  // what runs already ends with this process
  if (stack === null) return EXIT_INTERRUPTED;
  printWelcome(stack, (Date.now() - begin) / 1000);
  const lost = await Promise.race([interrupted, stack.lost]);
  if (lost === null) console.log('\nStopping …');
  else console.error(`\nThe ${lost.name} ended unexpectedly; stopping.\n${lost.tail()}`);
  await stack.stop();
  console.log('Stopped. The data is kept for the next start.');
  return lost === null ? 0 : EXIT_FAILED;
}

function untilInterrupted(): Promise<null> {
  return new Promise((resolve) => {
    // not once(): a library of wrangler's ends the process itself when no other listener is left
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve(null));
  });
}

function printWelcome({ url, secrets }: Stack, seconds: number): void {
  const people = DEMO_ROLES.filter((role) => secrets.passwords[role]).map(
    (role) => `  ${role.padEnd(10)}${demoEmail(role).padEnd(24)}${secrets.passwords[role]}`,
  );
  console.log(`
JamBench runs (started in ${seconds.toFixed(1)} s). Open

  ${url}

and sign in as one of the demo people:

${people.join('\n')}

Mails of the sign-in service are shown here; those about units at
${url}/api/v1/dev/outbox

Ctrl-C stops it.`);
}

runCli(USAGE, main, { leave: true });
