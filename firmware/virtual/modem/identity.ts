/**
 * The numbers on the virtual module and its SIM, drawn from the seed: valid in form and check
 * digit, and from ranges that belong to nobody (test TAC 00101900, test PLMN 001-01).
 */

import type { Random } from '../street/random.ts';

/** Who the modem says it is. */
export interface Identity {
  /** 15 digits. */
  imei: string;
  /** 15 digits. */
  imsi: string;
  /** 20 digits. */
  iccid: string;
  /** The private IPv4 address the operator gives it. */
  address: string;
}

/** Draws an identity; the same random source gives the same one. */
export function drawIdentity(random: Random): Identity {
  const imei = `00101900${random.digits(6)}`;
  const iccid = `8999901${random.digits(12)}`;
  const host = `${random.whole(16, 31)}.${random.whole(0, 255)}.${random.whole(2, 250)}`;
  return {
    imei: imei + luhnDigit(imei),
    imsi: `00101${random.digits(10)}`,
    iccid: iccid + luhnDigit(iccid),
    address: `10.${host}`,
  };
}

/** The digit that makes `digits` plus itself pass the Luhn check (ITU-T E.118, annex). */
export function luhnDigit(digits: string): string {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}
