/**
 * Labels for units: a PIN and a secret for each, made here, made known to the backend, which keeps
 * keyed hashes of both, and printed once. Knows no paper and no element.
 */
import { type AppError, toAppError } from '../../shared/errors.ts';

/** What stands on one label. Nowhere kept: whoever needs it again makes a new one. */
export interface Label {
  deviceId: string;
  /** Four digits, for who cannot scan. */
  pin: string;
  /** What the QR code holds: the activation page, with the secret where no server sees it. */
  address: string;
}

export interface LabelParts {
  /** @throws AppError `not_found`, `unavailable` */
  setPin(deviceId: string, label: { pin: string; secret: string }): Promise<unknown>;
  /** Of this page, e.g. https://bench.example.net */
  origin: string;
}

export interface MadeLabels {
  labels: Label[];
  /** Units without a new label; the one that they have goes on working. */
  failed: { deviceId: string; error: AppError }[];
}

/**
 * A label for each unit, one after the other. A label is good from the moment that the backend
 * knows it; the one before it is not any more.
 * @param onDone told how many are through
 */
export async function makeLabels(
  { setPin, origin }: LabelParts,
  deviceIds: readonly string[],
  onDone: (count: number) => void = () => {},
): Promise<MadeLabels> {
  const made: MadeLabels = { labels: [], failed: [] };
  for (const [i, deviceId] of deviceIds.entries()) {
    const [pin, secret] = [randomPin(), randomSecret()];
    try {
      await setPin(deviceId, { pin, secret });
      made.labels.push({ deviceId, pin, address: `${origin}/activate/${deviceId}#${secret}` });
    } catch (cause) {
      made.failed.push({ deviceId, error: toAppError(cause) });
    }
    onDone(i + 1);
  }
  return made;
}

/** The greatest multiple of 10,000 that 32 bits hold: above it some PINs would be likelier. */
const FAIR_BELOW = 4_294_960_000;

function randomPin(): string {
  for (;;) {
    const [number = FAIR_BELOW] = crypto.getRandomValues(new Uint32Array(1));
    if (number < FAIR_BELOW) return String(number % 10_000).padStart(4, '0');
  }
}

/** 128 bits in base64url (RFC 4648, section 5), 22 characters. */
function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
