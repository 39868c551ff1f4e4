/** What a person has begun on this device and the backend does not have. Knows no store. */

/**
 * Name of an unfinished fleet action among what this device keeps. Sorts behind the sensors there,
 * where the first names go when it is full.
 */
export const KEPT_RUN = 'unfinished fleet action';

/** What waits for the backend, as the pages see it on which people come and go. */
export interface Waiting {
  /** Changes on this device that are not sent, whosever they are. */
  count(): Promise<number>;
  /** Sensors that a change for many of them has not reached yet. Never rejects. */
  sensors(): Promise<number>;
  /** Tries to send them. Never rejects. */
  deliver(): Promise<void>;
}
