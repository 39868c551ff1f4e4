/**
 * `npm run board`: a virtual unit whose USB port is an RFC 2217 server, for esptool, pyserial and
 * tests of other programs.
 *
 *   npm run board -- [--port 4000] [--flash image.bin] [--save image.bin] [--speed 1]
 *                    [--timing 1] [--seed 1] [--control 4001] [--script faults.json|random:7]
 *                    [--stub legacy]
 *
 * `--flash` is the 8 MB flash at the start, `--save` where it goes at the end. `--script` plays
 * events from a file, or thirty days of random ones from a seed (docs/formats/virtual-script.md).
 * `--stub` says which flasher stub answers: 1.2.2, or `legacy`, that of esptool 4.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { VirtualBoard } from '../firmware/virtual/board.ts';
import { ControlServer } from '../firmware/virtual/control-server.ts';
import { NodeNetwork } from '../firmware/virtual/network/node-network.ts';
import { Rfc2217Server } from '../firmware/virtual/rfc2217.ts';
import { STUB_VERSIONS, type StubVersion } from '../firmware/virtual/rom/commands.ts';
import { FaultyNetwork } from '../firmware/virtual/script/faulty-network.ts';
import { playScript } from '../firmware/virtual/script/player.ts';
import { randomScript } from '../firmware/virtual/script/random-script.ts';
import { parseScript, type Script } from '../firmware/virtual/script/script.ts';
import { AppError } from '../shared/errors.ts';

const OPTIONS = {
  port: { type: 'string', default: '4000' },
  flash: { type: 'string' },
  save: { type: 'string' },
  speed: { type: 'string', default: '1' },
  timing: { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
  control: { type: 'string' },
  script: { type: 'string' },
  stub: { type: 'string', default: '1.2.2' },
} as const;

/** Of a random script. */
const SCRIPT_DAYS = 30;

try {
  await main();
} catch (error) {
  const sentence = error instanceof AppError ? `${error.message} ${error.hint}` : String(error);
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const script = values.script ? readScript(values.script) : null;
  const network = new FaultyNetwork(new NodeNetwork(), (ms, fn) =>
    board.schedule(board.now + ms, fn),
  );
  const board: VirtualBoard = new VirtualBoard({
    network,
    seed: numberOf('seed', values.seed, 0, 0xffffffff),
    speed: numberOf('speed', values.speed, 1, 1000),
    flashTiming: numberOf('timing', values.timing, 0, 100),
    stubVersion: stubVersionOf(values.stub),
    ...(values.flash ? { flash: readFileSync(values.flash) } : {}),
  });
  const serial = new Rfc2217Server(board);
  const port = await serial.listen(numberOf('port', values.port, 0, 65535));
  say(`Virtual unit ${board.mac}: rfc2217://127.0.0.1:${port}`);
  const closing: (() => Promise<void>)[] = [() => serial.close()];
  if (values.control) {
    const control = new ControlServer(board);
    const at = await control.listen(numberOf('control', values.control, 0, 65535));
    board.onEvent = (event) => control.event(event);
    closing.push(() => control.close());
    say(`Control port: 127.0.0.1:${at}, one JSON command a line`);
  }
  board.powerOn();
  if (script) {
    const onEvent = (event: object) => say(`Script: ${JSON.stringify(event)}`);
    playScript(script, { board, faults: network.faults, onEvent });
  }
  await stopSignal();
  for (const close of closing) await close();
  board.dispose();
  if (values.save) writeFileSync(values.save, board.flash.bytes);
}

/** A file, or `random:` and a seed. */
function readScript(source: string): Script {
  const seed = /^random:(.*)$/.exec(source)?.[1];
  if (seed === undefined) return parseScript(readFileSync(source, 'utf8'));
  return randomScript({ seed: numberOf('script', seed, 0, 0xffffffff), days: SCRIPT_DAYS });
}

function stubVersionOf(text: string): StubVersion {
  const version = STUB_VERSIONS.find((one) => one === text);
  if (version) return version;
  throw new AppError('invalid', `--stub "${text}" must be one of ${STUB_VERSIONS.join(', ')}.`);
}

function numberOf(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= min && value <= max)) {
    throw new AppError('invalid', `--${name} "${text}" must be a number from ${min} to ${max}.`);
  }
  return value;
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
