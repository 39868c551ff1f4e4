/**
 * How good a cellular signal is. `AT+CSQ` reports the received strength from −113 dBm
 * (0, or less) to −51 dBm (31, or more) in steps of 2 dB (3GPP TS 27.007, 8.5). NB-IoT goes on far
 * below what a phone needs, by repeating itself: that costs time and, in a worse hour, readings.
 */

export type SignalGrade = 'good' | 'fair' | 'weak' | 'very_weak';

/** Lowest dBm of a grade; what is below the last one is very weak. */
const GRADES: readonly { grade: SignalGrade; fromDbm: number }[] = [
  { grade: 'good', fromDbm: -85 },
  { grade: 'fair', fromDbm: -95 },
  { grade: 'weak', fromDbm: -105 },
];

export function signalGrade(dbm: number): SignalGrade {
  return GRADES.find(({ fromDbm }) => dbm >= fromDbm)?.grade ?? 'very_weak';
}
