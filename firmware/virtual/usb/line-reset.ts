/**
 * The reset logic of the ESP32-S3's USB-Serial-JTAG: what DTR and RTS do to the chip. Knows no
 * flash, no ROM, no time.
 *
 *   RTS DTR
 *    0   0   forget the download flag
 *    0   1   set the download flag
 *    1   0   hold the chip in reset; the flag decides how it starts when let go
 *    1   1   nothing
 *
 * Source: ESP32-S3 technical reference manual, "USB Serial/JTAG Controller", table of CDC-ACM
 * control lines.
 */

/** The lines as the host drives them; true = asserted. What is left out stays. */
export interface Signals {
  dtr?: boolean;
  rts?: boolean;
}

/** What a change of lines does to the chip. */
export type LineAction = 'none' | 'hold' | 'start-app' | 'start-download';

/** The state of the two lines and the download flag. */
export class LineReset {
  dtr = false;
  rts = false;
  #downloadFlag = false;
  #downloadLatched = false;

  /** True while the lines hold the chip in reset. */
  get held(): boolean {
    return this.rts && !this.dtr;
  }

  set(signals: Signals): LineAction {
    const wasHeld = this.held;
    this.dtr = signals.dtr ?? this.dtr;
    this.rts = signals.rts ?? this.rts;
    if (!wasHeld && this.held) {
      this.#downloadLatched = this.#downloadFlag;
      return 'hold';
    }
    if (!this.rts) this.#downloadFlag = this.dtr;
    if (!wasHeld || this.held) return 'none';
    return this.#downloadLatched ? 'start-download' : 'start-app';
  }
}
