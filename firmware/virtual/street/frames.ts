/**
 * Builds received frames in the layout of radio_next: what a sniffing radio hands over, byte for
 * byte. It knows 802.11 and BLE layouts, and neither phones nor time.
 *
 * | offset | size | what                                                              |
 * |--------|------|-------------------------------------------------------------------|
 * | 0      | 1    | kind: 0 = 802.11 management frame, 1 = BLE advertisement          |
 * | 1      | 1    | RSSI, dBm, signed                                                 |
 * | 2      | 1    | channel: 1…14 Wi-Fi, 37…39 BLE                                    |
 * | 3      | 1    | 0                                                                 |
 * | 4      | n    | Wi-Fi: MAC header on, no radiotap, no FCS                         |
 * |        |      | BLE: address type (0 public, 1 random), address LSB first, data   |
 */

import type { BleAdvertising, Model } from './models.ts';

export const KIND_WIFI = 0;
export const KIND_BLE = 1;
/** Bytes in front of the frame itself. */
export const FRAME_OFFSET = 4;

const HEADER_BYTES = 24;
const TRANSMITTER_AT = FRAME_OFFSET + 10;
const SEQUENCE_AT = FRAME_OFFSET + 22;
const RATES = [0x01, 0x08, 0x02, 0x04, 0x0b, 0x16, 0x0c, 0x12, 0x18, 0x24];
const MORE_RATES = [0x32, 0x04, 0x30, 0x48, 0x60, 0x6c];
const EVERYONE = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

const element = (id: number, content: readonly number[]): number[] => [
  id,
  content.length,
  ...content,
];

/** HT capabilities: info, A-MPDU parameters, one or two streams, nothing else. */
function htElement(capabilities: number): number[] {
  const content = new Array<number>(26).fill(0);
  content[0] = capabilities & 0xff;
  content[1] = capabilities >> 8;
  content[2] = 0x17;
  content[3] = 0xff;
  if ((capabilities & 0x4000) !== 0) content[4] = 0xff;
  return element(45, content);
}

function management(subtype: number, addresses: readonly number[][]): number[] {
  return [subtype << 4, 0, 0, 0, ...addresses.flat(), 0, 0];
}

/** A probe request of `model` on `channel` with empty address and sequence, to be filled in. */
export function probeTemplate(model: Model, channel: number): Uint8Array {
  const elements = [
    ...element(0, []),
    ...RATES,
    ...MORE_RATES,
    ...element(3, [channel]),
    ...htElement(model.htCapabilities),
    ...(model.extended.length > 0 ? element(127, model.extended) : []),
    ...model.vendors.flatMap((vendor) => element(221, vendor)),
  ];
  const header = management(4, [EVERYONE, [0, 0, 0, 0, 0, 0], EVERYONE]);
  return Uint8Array.from([KIND_WIFI, 0, channel, 0, ...header, ...elements]);
}

/** A copy of `template` as sent by `address` with this sequence number (12 bits). */
export function probeRequest(
  template: Uint8Array,
  address: Uint8Array,
  sequence: number,
  rssiDbm: number,
): Uint8Array {
  const frame = template.slice();
  frame[1] = rssiDbm & 0xff;
  frame.set(address, TRANSMITTER_AT);
  frame[SEQUENCE_AT] = (sequence << 4) & 0xf0;
  frame[SEQUENCE_AT + 1] = (sequence >> 4) & 0xff;
  return frame;
}

/** A beacon of an access point: timestamp 0, 100 TU, open to be seen by a Wi-Fi scan; RSSI 0. */
export function beaconTemplate(bssid: Uint8Array, ssid: string, channel: number): Uint8Array {
  const address = [...bssid];
  const fixed = [0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0x11, 0x04];
  const name = element(0, [...new TextEncoder().encode(ssid)]);
  const header = management(8, [EVERYONE, address, address]);
  const elements = [...name, ...RATES, ...element(3, [channel]), ...MORE_RATES];
  return Uint8Array.from([KIND_WIFI, 0, channel, 0, ...header, ...fixed, ...elements]);
}

/** A copy of `template` as received with `rssiDbm`. */
export function beacon(template: Uint8Array, rssiDbm: number): Uint8Array {
  const frame = template.slice();
  frame[1] = rssiDbm & 0xff;
  return frame;
}

/** A frame of `advertising` by `address` (LSB first); `tail` fills up the manufacturer data. */
export function advertisement(
  advertising: BleAdvertising,
  address: Uint8Array,
  addressType: 0 | 1,
  tail: Uint8Array,
  radio: { channel: number; rssiDbm: number },
): Uint8Array {
  const data = [...advertising.prefix, ...tail].slice(0, advertising.bytes);
  const manufacturer = [0xff, advertising.company & 0xff, advertising.company >> 8, ...data];
  const { channel, rssiDbm } = radio;
  const head = [KIND_BLE, rssiDbm & 0xff, channel, 0, addressType, ...address];
  // Flags need three bytes; a full payload (31) leaves them out, as real devices do.
  const flags = manufacturer.length + 1 <= 28 ? [2, 1, 0x1a] : [];
  return Uint8Array.from([...head, ...flags, manufacturer.length, ...manufacturer]);
}

/** The transmitter address of a Wi-Fi frame in radio_next layout. */
export function transmitter(frame: Uint8Array): Uint8Array {
  return frame.subarray(TRANSMITTER_AT, TRANSMITTER_AT + 6);
}

/** Where the elements of a probe request begin. */
export const PROBE_ELEMENTS_AT = FRAME_OFFSET + HEADER_BYTES;
