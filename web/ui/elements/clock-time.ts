/** A moment on the installer's own clock. Knows no element. */

/** To the second, 24 hours: for comparing, not for reading aloud. @param at Unix milliseconds */
export function clockTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
