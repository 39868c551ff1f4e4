/**
 * What the virtual modem needs from the world: TCP connections, and nothing else. Hosts implement
 * the port with node:net sockets or with fetch. This file knows neither; it holds the port's types
 * and the rules every implementation keeps.
 *
 * Rules: `connect` returns before any callback runs. `onOpen` comes at most once and before
 * `onData`. Exactly one of `onClose` and `onError` ends a connection, and nothing follows it.
 * After `close()` no callback runs at all. `onError` reasons begin with one of CONNECT_FAILURES.
 */

/** How a connection can fail; the first word of every `onError` reason. */
const CONNECT_FAILURES = ['refused', 'dns', 'timeout', 'unreachable', 'reset'] as const;

/** One kind of failure, which the modem turns into its own error number. */
export type ConnectFailure = (typeof CONNECT_FAILURES)[number];

/** Events of a connection, for its owner. */
export interface ConnectionHandlers {
  onOpen(): void;
  onData(bytes: Uint8Array): void;
  /** The peer closed in an orderly way. */
  onClose(): void;
  /** `reason`: a ConnectFailure, optionally followed by `: ` and words for the log. */
  onError(reason: string): void;
}

/** An open or opening connection. Writing before `onOpen` is allowed; the bytes wait. */
export interface Connection {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** TCP as the modem sees it. */
export interface Network {
  connect(host: string, port: number, handlers: ConnectionHandlers): Connection;
  /**
   * For boards whose time is stepped: settles when the far end has done what it was given last;
   * null when nothing is under way. Left out, nothing is ever waited for.
   */
  pending?(): Promise<unknown> | null;
}

/** The failure a reason names; `unreachable` when it names none. */
export function failureOf(reason: string): ConnectFailure {
  const word = reason.split(':', 1)[0]?.trim() ?? '';
  return CONNECT_FAILURES.find((failure) => failure === word) ?? 'unreachable';
}
