/**
 * `<jb-scan-label>`: reads a label's QR code with the camera. Fires `found` with the id, and
 * `close`. The browser's own reader where it has one, else a library. Pictures stay in this page;
 * what a code says is judged by web/app/scanned-label.ts and never opened. Fetched when somebody
 * wants to scan.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { readScannedLabel } from '../../app/scanned-label.ts';
import { base, buttons } from './styles.ts';

/** A hand moves on in less; a phone's processor needs 30 ms for a picture. */
const LOOK_MS = 200;
/** A label fills a third of the picture: 160 points for 41 modules are enough. */
const SIDE_MAX = 640;

/** Text of the code in a picture; null: there is none. */
type ReadCode = (video: HTMLVideoElement) => Promise<string | null>;

/** Not in TypeScript's library: Chromium on Android, macOS and ChromeOS. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type DetectorClass = {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
};

export class ScanLabel extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      section {
        display: grid;
        gap: 12px;
        padding: 16px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      video {
        width: 100%;
        max-width: 480px;
        max-height: 60vh;
        border-radius: var(--radius);
        background: #000;
      }
      .wrong {
        color: var(--bad);
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override properties = { wrong: { state: true }, running: { state: true } };
  declare protected wrong: string;
  declare protected running: boolean;
  #stream: MediaStream | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.wrong = '';
    this.running = false;
  }

  protected override firstUpdated(): void {
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override render(): TemplateResult {
    return html`<section aria-label=${msg('Scan a label')}>
      <p>${msg('Hold the QR code of the label in front of the camera.')}</p>
      <video muted playsinline ?hidden=${!this.running} aria-label=${msg('What the camera sees')}></video>
      <p class="wrong" role="status" data-testid="scan-says">${this.wrong}</p>
      <div><button @click=${this.#close}>${msg('Close the camera')}</button></div>
    </section>`;
  }

  async #start(): Promise<void> {
    try {
      const video = { facingMode: 'environment', width: { ideal: 1280 } };
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      if (!this.isConnected) return stopAll(stream);
      this.#stream = stream;
      const shown = this.renderRoot.querySelector('video');
      if (!shown) return;
      shown.srcObject = stream;
      await shown.play();
      this.running = true;
      await this.#look(shown, await reader());
    } catch (cause) {
      this.#stop();
      if (this.isConnected) this.wrong = cameraWords(cause);
    }
  }

  async #look(video: HTMLVideoElement, read: ReadCode): Promise<void> {
    if (!this.#stream) return;
    const text = await read(video);
    if (!this.#stream) return;
    if (text !== null) {
      const found = readScannedLabel(text, location.origin);
      if ('deviceId' in found) {
        this.#stop();
        this.dispatchEvent(new CustomEvent('found', { detail: found.deviceId }));
        return;
      }
      this.wrong = found.wrong;
    }
    this.#timer = setTimeout(() => void this.#look(video, read), LOOK_MS);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    if (this.#stream) stopAll(this.#stream);
    this.#stream = null;
    this.running = false;
  }

  readonly #close = (): void => {
    this.#stop();
    this.dispatchEvent(new CustomEvent('close'));
  };
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** A detector that is there may still not know QR codes. */
async function reader(): Promise<ReadCode> {
  const Own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  const formats = (await Own?.getSupportedFormats().catch(() => [])) ?? [];
  if (Own && formats.includes('qr_code')) {
    const detector = new Own({ formats: ['qr_code'] });
    return async (video) => {
      const [code] = await detector.detect(video).catch(() => []);
      return code?.rawValue ?? null;
    };
  }
  const { decodeQR } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, SIDE_MAX / Math.max(video.videoWidth, video.videoHeight, 1));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (!context || canvas.width === 0) return null;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return null; // no code in this picture
    }
  };
}

function cameraWords(cause: unknown): string {
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'NotAllowedError')
    return msg(
      'This browser may not use the camera here. Allow it in its settings for this address, or type the id.',
    );
  if (name === 'NotFoundError' || name === 'OverconstrainedError')
    return msg('No camera was found. Type the id.');
  if (name === 'NotReadableError')
    return msg('Another program uses the camera. Close it, then try again, or type the id.');
  return msg('The camera could not be started. Type the id.');
}

customElements.define('jb-scan-label', ScanLabel);

declare global {
  interface HTMLElementTagNameMap {
    'jb-scan-label': ScanLabel;
  }
}
