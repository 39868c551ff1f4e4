/**
 * `npm run board`: a virtual unit whose USB port is an RFC 2217 server, for esptool, pyserial and
 * tests of other programs.
 *
 *   npm run board -- [--port 4000] [--flash image.bin] [--save image.bin] [--speed 1]
 *                    [--timing 1] [--seed 1] [--control 4001]
 *
 * `--flash` is the 8 MB flash at the start, `--save` where it goes at the end.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { VirtualBoard } from '../firmware/virtual/board.ts';
import { ControlServer } from '../firmware/virtual/control-server.ts';
import { NodeNetwork } from '../firmware/virtual/network/node-network.ts';
import { Rfc2217Server } from '../firmware/virtual/rfc2217.ts';
import { AppError } from '../shared/errors.ts';

const OPTIONS = {
  port: { type: 'string', default: '4000' },
  flash: { type: 'string' },
  save: { type: 'string' },
  speed: { type: 'string', default: '1' },
  timing: { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
  control: { type: 'string' },
} as const;

try {
  await main();
} catch (error) {
  const sentence = error instanceof AppError ? `${error.message} ${error.hint}` : String(error);
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const board = new VirtualBoard({
    network: new NodeNetwork(),
    seed: numberOf('seed', values.seed, 0, 0xffffffff),
    speed: numberOf('speed', values.speed, 1, 1000),
    flashTiming: numberOf('timing', values.timing, 0, 100),
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
  await stopSignal();
  for (const close of closing) await close();
  board.dispose();
  if (values.save) writeFileSync(values.save, board.flash.bytes);
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
