/**
 * A camera's picture as a Y4M file, which Chromium plays in the place of a camera: QR codes of
 * texts, one after the other, for ever. Knows no page.
 */
import { writeFileSync } from 'node:fs';
import encodeQR from 'qr';

const WIDTH = 640;
const HEIGHT = 480;
const FRAMES_A_SECOND = 10;
const MODULE = 6;
const QUIET_MODULES = 4;
/** Chroma of grey. */
const NEUTRAL = 128;

/** @param texts each is seen for `secondsEach` */
export function writeQrVideo(path: string, texts: readonly string[], secondsEach = 3): void {
  const header = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n`;
  const frames = texts.flatMap((text) => {
    const frame = frameOf(text);
    return Array.from({ length: secondsEach * FRAMES_A_SECOND }, () => frame);
  });
  writeFileSync(path, Buffer.concat([Buffer.from(header), ...frames]));
}

function frameOf(text: string): Buffer {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_MODULES });
  const luma = Buffer.alloc(WIDTH * HEIGHT, 235);
  const left = Math.floor((WIDTH - rows.length * MODULE) / 2);
  const top = Math.floor((HEIGHT - rows.length * MODULE) / 2);
  for (const [y, row] of rows.entries()) {
    for (const [x, isDark] of row.entries()) {
      if (!isDark) continue;
      for (let dy = 0; dy < MODULE; dy += 1) {
        const at = (top + y * MODULE + dy) * WIDTH + left + x * MODULE;
        luma.fill(16, at, at + MODULE);
      }
    }
  }
  return Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, NEUTRAL)]);
}
