/**
 * Which ports were there beside a port: other units, however much they look like it. Kept for as
 * long as the browser keeps the port, across connections. Knows no unit.
 */
const OTHERS = new WeakMap<SerialPort, Set<SerialPort>>();

/** Those of `port`; the set is the one that is kept. */
export function othersOf(port: SerialPort): Set<SerialPort> {
  const known = OTHERS.get(port) ?? new Set();
  OTHERS.set(port, known);
  return known;
}

/** `port` is the same unit under another object: it has the same others. */
export function sameUnit(port: SerialPort, others: Set<SerialPort>): void {
  OTHERS.set(port, others);
}

/** What is listed while `port` is there can never be it. */
export function noteOthers(port: SerialPort, listed: readonly SerialPort[]): void {
  const others = othersOf(port);
  for (const other of listed) if (other !== port) others.add(other);
}
