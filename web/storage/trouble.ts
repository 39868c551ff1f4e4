/** What is wrong with what this browser keeps, for whoever tells people. Knows no words. */
import { ObservableValue } from '../app/observable.ts';
import type { StorageTrouble } from '../app/storage-trouble.ts';

/** Of this browser; null: all is well, as far as is known. */
export const storageTrouble = new ObservableValue<StorageTrouble | null>(null);

/** Whether the browser refused for want of room. */
export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}
