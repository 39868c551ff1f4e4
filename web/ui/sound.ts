/**
 * Two short sounds for somebody whose eyes are on a unit and not on the page: up, it is done; down,
 * it is not. Made here, no file. Knows no unit.
 */

const NOTES_HZ = { done: [660, 880], failed: [330, 220], cancelled: [330, 220] };
const NOTE_S = 0.15;
/** Quiet enough for a shop. */
const LOUDNESS = 0.15;

let context: AudioContext | null = null;

/** Silent where the browser has no sound, or allows none before the page was clicked. */
export function playResult(result: keyof typeof NOTES_HZ): void {
  if (typeof AudioContext === 'undefined') return;
  context ??= new AudioContext();
  for (const [i, frequency] of NOTES_HZ[result].entries()) {
    const begin = context.currentTime + i * NOTE_S;
    const volume = new GainNode(context, { gain: 0 });
    // A tone that begins or ends at once clicks.
    volume.gain.setValueCurveAtTime([0, LOUDNESS, LOUDNESS, 0], begin, NOTE_S);
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + NOTE_S);
  }
}
