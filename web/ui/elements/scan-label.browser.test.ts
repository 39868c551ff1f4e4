/**
 * The camera reads a label: a picture that is drawn here goes through a real stream and video. The
 * browser's own reader, which Debian's Chromium has not, is stood in for.
 */
import encodeQR from 'qr';
import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { mount, text } from '../testing/mount.ts';
import './scan-label.ts';

const MODULE = 5;
const streams: MediaStream[] = [];

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
  Reflect.deleteProperty(globalThis, 'BarcodeDetector');
  streams.length = 0;
});

/** A camera before which this code is held. */
function camera(code: string): { show: (code: string) => void } {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [480, 360];
  const show = (what: string) => {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = '#000';
    for (const [y, row] of encodeQR(what, 'raw', { border: 4 }).entries())
      for (const [x, isDark] of row.entries())
        if (isDark) context.fillRect(x * MODULE, y * MODULE, MODULE, MODULE);
  };
  show(code);
  // A canvas that stands still sends no pictures.
  const timer = setInterval(() => show(now), 50);
  let now = code;
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation(async () => {
    const stream = canvas.captureStream(20);
    stream.getVideoTracks()[0]?.addEventListener('ended', () => clearInterval(timer));
    streams.push(stream);
    return stream;
  });
  return {
    show: (next) => {
      now = next;
    },
  };
}

async function scan() {
  const found: string[] = [];
  const element = await mount('jb-scan-label', {});
  element.addEventListener('found', (e) => found.push((e as CustomEvent<string>).detail));
  return { element, found };
}
const isOff = () =>
  streams.flatMap((stream) => stream.getTracks()).every((track) => track.readyState === 'ended');

test('a foreign code is refused, the label is read, and the camera goes off', async () => {
  const { show } = camera('https://evil.example/activate/JBNB0666');
  const { element, found } = await scan();
  await vi.waitFor(() => expect(text(element)).toContain('evil.example'), 10_000);
  expect(found).toEqual([]);
  show(`${location.origin}/activate/JBNB0042#AbCdEfGhIjKlMnOpQrStUv`);
  await vi.waitFor(() => expect(found).toEqual(['JBNB0042']), 10_000);
  expect(isOff()).toBe(true);
});

test('the browser’s own reader is used only where it knows QR codes', async () => {
  let formats = ['qr_code'];
  const detect = vi.fn(async () => [{ rawValue: 'JBNB0007' }]);
  class Own {
    static getSupportedFormats = async () => formats;
    detect = detect;
  }
  Object.assign(globalThis, { BarcodeDetector: Own });
  camera('JBNB0042');
  const own = await scan();
  await vi.waitFor(() => expect(own.found).toEqual(['JBNB0007']), 10_000);
  formats = ['ean_13'];
  const other = await scan();
  await vi.waitFor(() => expect(other.found).toEqual(['JBNB0042']), 10_000);
});

test.each([
  ['NotAllowedError', 'may not use the camera'],
  ['NotFoundError', 'No camera was found'],
  ['NotReadableError', 'Another program uses the camera'],
  ['AbortError', 'could not be started'],
])('%s is said in words', async (name, words) => {
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValue(new DOMException('x', name));
  const { element } = await scan();
  await vi.waitFor(() => expect(text(element)).toContain(words));
});

test('closed, or taken off the page, the camera goes off', async () => {
  camera('nothing of ours');
  const { element } = await scan();
  await vi.waitFor(() => expect(text(element)).toContain('no label of a JamBox'), 10_000);
  await page.getByRole('button', { name: 'Close the camera' }).click();
  expect(isOff()).toBe(true);
  element.remove();
  const again = await scan();
  await vi.waitFor(() => expect(streams).toHaveLength(2));
  again.element.remove();
  await vi.waitFor(() => expect(isOff()).toBe(true));
});
