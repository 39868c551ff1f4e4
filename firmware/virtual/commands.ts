/**
 * What can be done to a board from outside its USB port, as data: the same commands come from a
 * page through messages.ts and from the JSON control port of `npm run board`. Knows no transport.
 */
import * as v from 'valibot';
import { AppError } from '../../shared/errors.ts';
import type { VirtualBoard } from './board.ts';
import type { BringUpStep } from './modem/modem.ts';
import { SPEED_MAX, SPEED_MIN } from './runtime/virtual-clock.ts';

/** Longest press: a minute of virtual time. */
const PRESS_MS_MAX = 60_000;

/** More than the chip's whole heap. */
const KIB_MAX = 512;

const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(PRESS_MS_MAX));

/** Conditions around the modem; what is left out stays. */
const modemSchema = v.strictObject({
  cmd: v.literal('modem'),
  powered: v.optional(v.boolean()),
  csq: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(99))),
  sim: v.optional(v.picklist(['ready', 'missing', 'pin'])),
  registration: v.optional(v.picklist(['home', 'roaming', 'denied', 'searching'])),
  registrationDelayMs: v.optional(v.pipe(v.number(), v.minValue(0))),
  failStep: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12)))),
  networkDown: v.optional(v.boolean()),
  dropNextAnswer: v.optional(v.literal(true)),
  pieces: v.optional(
    v.strictObject({ bytes: v.pipe(v.number(), v.integer(), v.minValue(0)), gapMs: v.number() }),
  ),
});

const commandSchema = v.variant('cmd', [
  v.strictObject({
    cmd: v.literal('speed'),
    n: v.pipe(v.number(), v.minValue(SPEED_MIN), v.maxValue(SPEED_MAX)),
  }),
  v.strictObject({
    cmd: v.literal('press'),
    button: v.picklist(['top', 'reset']),
    ms: milliseconds,
  }),
  v.strictObject({ cmd: v.literal('power'), on: v.boolean() }),
  v.strictObject({ cmd: v.literal('boot'), held: v.boolean() }),
  v.strictObject({ cmd: v.literal('street'), peakPerHour: v.pipe(v.number(), v.minValue(0)) }),
  v.strictObject({
    cmd: v.literal('radio'),
    broken: v.picklist(['none', 'wifi', 'ble', 'both']),
  }),
  v.strictObject({
    cmd: v.literal('fail'),
    cause: v.picklist(['brown-out', 'panic', 'watchdog']),
  }),
  v.strictObject({
    cmd: v.literal('memory'),
    takeKib: v.pipe(v.number(), v.minValue(-KIB_MAX), v.maxValue(KIB_MAX)),
  }),
  v.strictObject({ cmd: v.literal('status') }),
  modemSchema,
]);

export type BoardCommand = v.InferOutput<typeof commandSchema>;
type ModemCommand = v.InferOutput<typeof modemSchema>;

/** The answer to `status`. */
export interface BoardStatus {
  mac: string;
  mode: string;
  powered: boolean;
  /** Virtual ms since the board was made. */
  now: number;
}

/** @throws AppError `invalid` that names the first thing wrong */
export function parseCommand(value: unknown): BoardCommand {
  const result = v.safeParse(commandSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? '';
  throw new AppError('invalid', `Board command${path && ` "${path}"`}: ${issue.message}.`);
}

/** Does what `command` says. @returns the board's state afterwards */
export function applyCommand(board: VirtualBoard, command: BoardCommand): BoardStatus {
  switch (command.cmd) {
    case 'speed':
      board.setSpeed(command.n);
      break;
    case 'press':
      board.press(command.button, command.ms);
      break;
    case 'power':
      if (command.on) board.powerOn();
      else board.powerOff();
      break;
    case 'boot':
      board.holdBoot(command.held);
      break;
    case 'street':
      board.street.setPeakPerHour(command.peakPerHour);
      break;
    case 'radio':
      board.brokenReceivers = command.broken;
      break;
    case 'fail':
      if (command.cause === 'brown-out') board.brownOut();
      else board.fail(command.cause);
      break;
    case 'memory':
      board.takeMemory(command.takeKib * 1024);
      break;
    case 'modem':
      applyModem(board, command);
      break;
    case 'status':
  }
  return { mac: board.mac, mode: board.mode, powered: board.powered, now: board.now };
}

function applyModem({ modem }: VirtualBoard, command: ModemCommand): void {
  if (command.powered !== undefined) modem.setPowered(command.powered);
  if (command.csq !== undefined) modem.setSignal(command.csq);
  if (command.sim !== undefined) modem.setSim(command.sim);
  if (command.registration !== undefined) modem.setRegistration(command.registration);
  if (command.registrationDelayMs !== undefined) {
    modem.setRegistrationDelay(command.registrationDelayMs);
  }
  // The schema allows exactly the twelve steps.
  if (command.failStep !== undefined) modem.failStep(command.failStep as BringUpStep | null);
  if (command.networkDown !== undefined) modem.setNetworkDown(command.networkDown);
  if (command.dropNextAnswer) modem.dropNextAnswer();
  if (command.pieces) modem.setPieces(command.pieces.bytes, command.pieces.gapMs);
}
