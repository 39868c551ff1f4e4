/**
 * What the form of opening hours needs, for an administrator: stored at once or refused, nothing
 * waits for a network. Knows no form.
 */
import type { OpeningTime } from '../../shared/contracts/opening-hours.ts';
import { ObservableValue } from './observable.ts';
import type { ShopRecord } from './shop-record.ts';

/** The part of an owner's record that the form uses. */
type HoursRecord = Pick<ShopRecord, 'drafts' | 'setOpeningHours'> & {
  state: { value: { locationId: null; changes: readonly never[] } };
  delivery: ShopRecord['delivery'];
};

/** @param store rejects with AppError */
export function directHours(
  store: (locationId: string, times: readonly OpeningTime[]) => Promise<void>,
): HoursRecord {
  return {
    state: new ObservableValue({ locationId: null, changes: [] }),
    delivery: new ObservableValue({ delivering: false, stopped: null }),
    drafts: { read: () => null, write: () => {}, forget: () => {} },
    async setOpeningHours(locationId, times) {
      await store(locationId, times);
      return 'stored';
    },
  };
}
