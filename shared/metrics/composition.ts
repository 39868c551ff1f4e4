/**
 * Composition: which makers' devices were heard over Bluetooth, Apple against other. A sample, not
 * a census: only devices that advertise are heard, and only while the unit samples.
 */

export interface Composition {
  ble_apple: number;
  ble_other: number;
}

/**
 * Shares in whole percent that add up to 100, or null when nothing was heard. The share is of
 * devices heard, never of visitors.
 */
export function compositionPercent(c: Composition): { apple: number; other: number } | null {
  const heard = c.ble_apple + c.ble_other;
  if (heard === 0) return null;
  const apple = Math.round((100 * c.ble_apple) / heard);
  return { apple, other: 100 - apple };
}
