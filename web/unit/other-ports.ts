/**
 * Which ports were there beside a port: other units, however much they look like it. Kept for as
 * long as the browser keeps the port, across connections. Knows no unit.
 */
const OTHER_PORTS = new WeakMap<SerialPort, Set<SerialPort>>();

/** Those of `port`; the set is the one that is kept. */
export function otherPortsOf(port: SerialPort): Set<SerialPort> {
  const known = OTHER_PORTS.get(port) ?? new Set();
  OTHER_PORTS.set(port, known);
  return known;
}

/** `port` is the same unit under another object: it has the same others. */
export function keepOtherPorts(port: SerialPort, others: Set<SerialPort>): void {
  OTHER_PORTS.set(port, others);
}

/** What is listed while `port` is there can never be it. */
export function rememberOtherPorts(port: SerialPort, listed: readonly SerialPort[]): void {
  const others = otherPortsOf(port);
  for (const other of listed) if (other !== port) others.add(other);
}
