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
import { AppError } from '../shared/errors.ts';
import { readScript } from './board/read-script.ts';
import { numberOption, runCli } from './cli.ts';

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

const USAGE = `npm run board -- [options]
  --port N        RFC 2217 server on 127.0.0.1:N (4000)
  --flash FILE    what lies in its flash at the start (8 MB)
  --save FILE     where its flash goes at the end
  --speed N       so many times as fast as life (1)
  --timing N      of flash, 0 takes no time (0)
  --seed N        its address and its chance (1)
  --control N     control port on 127.0.0.1:N
  --script FILE   play these events; random:N makes thirty days of them up
  --stub VERSION  which flasher stub answers: ${STUB_VERSIONS.join(', ')}`;

runCli(USAGE, main);

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const script = values.script ? readScript(values.script) : null;
  const network = new FaultyNetwork(new NodeNetwork(), (ms, fn) =>
    board.schedule(board.now + ms, fn),
  );
  const board: VirtualBoard = new VirtualBoard({
    network,
    seed: numberOption('seed', values.seed, 0, 0xffffffff),
    speed: numberOption('speed', values.speed, 1, 1000),
    flashTiming: numberOption('timing', values.timing, 0, 100),
    stubVersion: stubVersionOf(values.stub),
    ...(values.flash ? { flash: readFileSync(values.flash) } : {}),
  });
  const serial = new Rfc2217Server(board);
  const port = await serial.listen(numberOption('port', values.port, 0, 65535));
  say(`Virtual unit ${board.mac}: rfc2217://127.0.0.1:${port}`);
  const closing: (() => Promise<void>)[] = [() => serial.close()];
  if (values.control) {
    const control = new ControlServer(board);
    const at = await control.listen(numberOption('control', values.control, 0, 65535));
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

function stubVersionOf(text: string): StubVersion {
  const version = STUB_VERSIONS.find((one) => one === text);
  if (version) return version;
  throw new AppError('invalid', `--stub "${text}" must be one of ${STUB_VERSIONS.join(', ')}.`);
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
