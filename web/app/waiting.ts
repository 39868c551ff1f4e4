/** What waits for the backend, as the pages see it on which people come and go. */
export interface Waiting {
  /** Changes on this device that are not sent, whosever they are. */
  count(): Promise<number>;
  /** Tries to send them. Never rejects. */
  deliver(): Promise<void>;
}
