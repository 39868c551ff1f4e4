/**
 * What stands behind the address on a unit's label: how the unit is, for everybody, and taking it
 * to an own location, for who is signed in and holds the label. Knows no HTTP and no element.
 */
import type { Location } from '../../shared/contracts/portal.ts';
import type { ActivateRequest, PublicState } from '../../shared/contracts/provisioning.ts';
import { readDeviceId } from '../../shared/device-id.ts';

/** Every method rejects with AppError. */
export interface ActivationPortal {
  /** Needs no sign-in. */
  state(deviceId: string): Promise<PublicState>;
  /** Of who is signed in. */
  locations(): Promise<Location[]>;
  activate(deviceId: string, label: ActivateRequest): Promise<unknown>;
  /** For who looks after the unit: PINs are looked at again. */
  unlockPin(deviceId: string): Promise<unknown>;
}

/** 128 bits in base64url, as newer labels carry them behind the `#` of their address. */
const LABEL_SECRET = /^[\w-]{22}$/;

/** Kept for the life of the page, so that a scanned secret is still there after the sign-in. */
export class Activation {
  readonly portal: ActivationPortal;
  readonly #secrets = new Map<string, string>();

  constructor(portal: ActivationPortal) {
    this.portal = portal;
  }

  /**
   * Takes the secret out of a label's address. @returns whether there was one
   * @param hash of the address, with its `#`
   */
  keepSecret(path: string, hash: string): boolean {
    const id = readDeviceId(path);
    const secret = hash.slice(1);
    if (!id || !LABEL_SECRET.test(secret)) return false;
    this.#secrets.set(id, secret);
    return true;
  }

  hasSecret(deviceId: string): boolean {
    return this.#secrets.has(deviceId);
  }

  /** By the scanned secret, or by the digits. Rejects with AppError. */
  async activate(deviceId: string, locationId: string, pin: string): Promise<void> {
    const secret = this.#secrets.get(deviceId);
    const proof = secret === undefined ? { pin } : { secret };
    await this.portal.activate(deviceId, { ...proof, location_id: locationId });
    this.#secrets.delete(deviceId);
  }
}
