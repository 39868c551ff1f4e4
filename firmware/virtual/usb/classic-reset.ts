/**
 * Makes the DTR/RTS patterns meant for boards with a UART bridge work on a USB-Serial-JTAG chip.
 * Clients that cannot see the USB product id — every client behind RFC 2217 — send those. On such
 * boards DTR pulls GPIO0 low and RTS pulls reset low, each only while the other is not asserted.
 *
 *   classic download   D0 R1 · D1 R1 · D1 R0 · D0 R0    (esptool ClassicReset)
 *   USB download       D1 R0 · D1 R1 · D0 R1 · D0 R0    passes through unchanged
 *
 * The chip is let go for no time between the two: its download flag cannot be set while it is held.
 * A client that opens asserts one line after the other; that counts as one step, as on a cable.
 * Knows the lines only. Espressif's esp_rfc2217_server solves the same with a reset of its own.
 */
import type { Signals } from './line-reset.ts';

export class ClassicReset {
  #dtr = false;
  #rts = false;
  /** Held in reset, then both lines asserted: the next step tells which pattern it is. */
  #armed = false;
  /** Until the client first releases a line, it is only opening the port. */
  #opening = true;

  /** What the client did. @returns what to do to the chip's lines, in order */
  translate(signals: Signals): Signals[] {
    const wasHeld = this.#rts && !this.#dtr;
    const before = { dtr: this.#dtr, rts: this.#rts };
    this.#dtr = signals.dtr ?? this.#dtr;
    this.#rts = signals.rts ?? this.#rts;
    if (this.#opening) {
      if (signals.dtr !== false && signals.rts !== false) return [];
      this.#opening = false;
      return [before, { dtr: this.#dtr, rts: this.#rts }];
    }
    if (this.#dtr === before.dtr && this.#rts === before.rts) return [];
    if (wasHeld && this.#dtr && this.#rts) {
      this.#armed = true;
      return []; // the chip stays held until the pattern is known
    }
    const armed = this.#armed;
    this.#armed = false;
    if (armed && this.#dtr && !this.#rts) return DOWNLOAD;
    return [{ dtr: this.#dtr, rts: this.#rts }];
  }
}

/** The chip's own pattern, ending out of reset with both lines released. */
const DOWNLOAD: Signals[] = [
  { dtr: false, rts: false },
  { dtr: true, rts: false },
  { dtr: true, rts: true },
  { dtr: false, rts: true },
  { dtr: false, rts: false },
];
