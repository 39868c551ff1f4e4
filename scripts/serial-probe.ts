/**
 * `npm run -s serial:probe -- <port> [--write] [--only NAME]`: sends a unit what was recorded from
 * the vendor's boot ROM and flasher stub, and prints where it answers otherwise.
 *
 * <port> is `host:port` of an RFC 2217 server (`npm run board`; esp_rfc2217_server of esptool gives
 * any unit on any system) or, on Linux and macOS, the unit's own port; then the unit must be in
 * download mode already. `--write` plays what writes, too: the whole flash is erased. `--only`
 * plays sequences of one name.
 */
import { parseArgs } from 'node:util';
import { runCli, UsageError } from './cli.ts';
import { openPort } from './serial/port.ts';
import { probe } from './serial/probe.ts';
import { formatFinding, formatReport, otherwise } from './serial/report.ts';
import { S3_STUB } from './serial/stub.ts';

const USAGE =
  'Usage: npm run -s serial:probe -- <host:port or /dev/ttyACM0> [--write] [--only NAME]';
/** Bytes of one answer do not come further apart, over a network of this house either. */
const QUIET_MS = 60;

// A port keeps Node alive.
runCli(USAGE, main, { leave: true });

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { write: { type: 'boolean', default: false }, only: { type: 'string' } },
    allowPositionals: true,
  });
  const [where] = positionals;
  if (!where || positionals.length > 1) throw new UsageError(USAGE);
  if (values.write) say('With --write the whole flash of this unit is erased.');
  const port = await openPort(where);
  try {
    const report = await probe(port, {
      stub: S3_STUB,
      write: values.write,
      only: values.only,
      quietMs: QUIET_MS,
      onSequence: (_sequence, findings) => {
        for (const finding of findings) say(formatFinding(finding));
      },
    });
    say(formatReport(report));
    return otherwise(report).length > 0 ? 1 : 0;
  } finally {
    await port.close();
  }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
