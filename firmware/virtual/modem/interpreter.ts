/**
 * Runs command lines one after another: looks each up, words its answer, waits where it takes
 * time, prompts where data follows. It knows the grammar and the dialect's final lines, and no
 * single command.
 */

import { parseCommand } from '../../../shared/at/grammar.ts';
import {
  type Answer,
  type CommandTable,
  type Core,
  isCme,
  type Outcome,
  refuse,
} from './command.ts';
import { DIALECT } from './dialect.ts';
import { Input } from './input.ts';
import type { Output } from './output.ts';

/** What a command that asks nobody takes. */
const LOCAL_ANSWER_MS = 15;
/** A prompt that nobody answers is given up. */
const PROMPT_TIMEOUT_MS = 60_000;
/** Unsolicited lines held back while data is taken. */
const HELD_LINES_MAX = 200;

const encoder = new TextEncoder();

/** One line as it goes over the wire. */
export const frame = (line: string): string => `\r\n${line}\r\n`;

/** Reads from the unit and answers it. */
export class Interpreter {
  readonly #core: Core;
  readonly #table: CommandTable;
  readonly #output: Output;
  readonly #input: Input;
  #held: Uint8Array[] = [];
  #dropNext = false;
  /** The answer being made is thrown away. */
  #dropping = false;
  #onData: ((bytes: Uint8Array) => Answer) | null = null;
  #cancelPrompt: () => void = () => {};

  constructor(core: Core, table: CommandTable, output: Output) {
    this.#core = core;
    this.#table = table;
    this.#output = output;
    this.#input = new Input({
      line: (text) => this.#line(text),
      data: (bytes) => this.#data(bytes),
      echo: (bytes) => output.send(bytes),
    });
  }

  write(bytes: Uint8Array): void {
    this.#input.write(bytes);
  }

  setEcho(on: boolean): void {
    this.#input.echoOn = on;
  }

  /** See VirtualModem.dropNextAnswer. */
  dropNext(): void {
    this.#dropNext = true;
  }

  /** Forgets everything, as a restart does. */
  reset(): void {
    this.#input.reset();
    this.#held = [];
    this.#dropNext = false;
    this.#dropping = false;
    this.#onData = null;
  }

  /** Bytes nobody asked for; they wait while the unit is sending data. */
  unsolicited(bytes: Uint8Array): void {
    if (!this.#input.inData) this.#output.send(bytes);
    else if (this.#held.length < HELD_LINES_MAX) this.#held.push(bytes);
  }

  #line(text: string | null): void {
    const call = text === null ? null : parseCommand(text);
    if (text !== null && call === null) return;
    this.#dropping = this.#dropNext;
    this.#dropNext = false;
    if (call === null) {
      this.#run({ final: 'ERROR' });
      return;
    }
    const handler = Object.hasOwn(this.#table, call.name) ? this.#table[call.name] : undefined;
    if (handler === undefined) {
      this.#run(refuse('unknown'));
      return;
    }
    this.#run(
      call.kind === 'test' && call.name !== '+COPS' ? { final: 'OK' } : handler(call, this.#core),
    );
  }

  #run(outcome: Outcome): void {
    if ('silent' in outcome) return;
    this.#input.setBusy(true);
    if ('wait' in outcome) {
      outcome.wait((answer) => this.#finish(answer));
      return;
    }
    if ('promptBytes' in outcome) {
      this.#prompt(outcome.promptBytes, outcome.onData);
      return;
    }
    this.#finish(outcome);
  }

  #finish(answer: Answer): void {
    this.#core.timers.after(answer.delayMs ?? LOCAL_ANSWER_MS, () => {
      for (const line of answer.lines ?? []) this.#say(frame(line));
      this.#say(frame(this.#finalLine(answer.final)));
      answer.after?.();
      this.#input.setBusy(false);
    });
  }

  #finalLine(final: Answer['final']): string {
    if (!isCme(final)) return final;
    const { cmee } = this.#core.settings;
    return cmee === 0 ? DIALECT.error : DIALECT.cme(final, cmee === 2);
  }

  #prompt(bytes: number | null, onData: (bytes: Uint8Array) => Answer): void {
    this.#core.timers.after(LOCAL_ANSWER_MS, () => {
      this.#say(DIALECT.prompt);
      this.#onData = onData;
      this.#input.expectData(bytes);
      this.#cancelPrompt = this.#core.timers.after(PROMPT_TIMEOUT_MS, () => {
        this.#input.abandonData();
        this.#data(null);
      });
      this.#input.setBusy(false);
    });
  }

  #data(bytes: Uint8Array | null): void {
    this.#cancelPrompt();
    const onData = this.#onData;
    this.#onData = null;
    this.#run(bytes === null || onData === null ? { final: 'ERROR' } : onData(bytes));
    const held = this.#held;
    this.#held = [];
    for (const line of held) this.#output.send(line);
  }

  #say(text: string): void {
    if (!this.#dropping) this.#output.send(encoder.encode(text));
  }
}
