/** The demo places: who they are, which units stand there, and how their days run. Only numbers. */
import type { Location } from '../../shared/contracts/portal.ts';

/** Visits begun per hour, by the local clock, 0 … 23. */
type HourCurve = readonly number[];

export interface DemoPlace extends Location {
  /** Which of the two owners has it. */
  owner: 'ownerId' | 'owner2Id';
  weekday: HourCurve;
  weekend: HourCurve;
  units: readonly DemoUnit[];
}

export interface DemoUnit {
  id: string;
  firmware: string;
  /** Part of the place's visits that this unit sees. */
  share: number;
  /** Days ago and local hours during which it was silent: [first, last). */
  silent?: { daysAgo: number; fromHour: number; toHour: number };
  /**
   * Days ago and local hour since when it says nothing: the Worker's own jobs find it silent, open
   * its alert and mail it.
   */
  gone?: { daysAgo: number; hour: number };
}

const CLOSED = [0, 0, 0, 0, 0] as const;

/** The first shop is moved to where it is a busy hour by who takes pictures of it. */
const FIRST_ZONE = process.env.JAMBENCH_DEMO_ZONE ?? 'America/Los_Angeles';

export const PLACES: readonly DemoPlace[] = [
  {
    id: 'harbour-street-bakery',
    name: 'Harbour Street Bakery',
    time_zone: FIRST_ZONE,
    owner: 'ownerId',
    weekday: [...CLOSED, 1, 8, 26, 38, 24, 18, 20, 34, 28, 16, 14, 12, 10, 4, 1, 1, 0, 0, 0],
    weekend: [...CLOSED, 0, 3, 14, 34, 48, 52, 46, 40, 32, 24, 16, 9, 5, 2, 1, 0, 0, 0, 0],
    units: [
      { id: 'JBNB0001', firmware: '6.0.0', share: 0.6 },
      {
        id: 'JBNB0002',
        firmware: '6.0.0',
        share: 0.4,
        silent: { daysAgo: 4, fromHour: 11, toHour: 14 },
      },
    ],
  },
  {
    id: 'canal-books',
    name: 'Canal Books',
    time_zone: 'Europe/Amsterdam',
    owner: 'ownerId',
    weekday: [...CLOSED, 0, 0, 0, 1, 4, 9, 12, 16, 15, 13, 14, 18, 20, 9, 2, 1, 0, 0, 0],
    weekend: [...CLOSED, 0, 0, 0, 1, 6, 16, 24, 28, 32, 34, 30, 22, 8, 2, 1, 1, 0, 0, 0],
    units: [
      {
        id: 'JBNB0003',
        firmware: '5.3',
        share: 1,
        silent: { daysAgo: 2, fromHour: 9, toHour: 24 },
      },
      // So long that no day is compared with one on which it counted; before the update came.
      { id: 'JBNB0005', firmware: '5.9.2', share: 0.15, gone: { daysAgo: 10, hour: 17 } },
    ],
  },
  {
    id: 'market-street-flowers',
    name: 'Market Street Flowers',
    time_zone: 'Europe/Madrid',
    owner: 'owner2Id',
    weekday: [...CLOSED, 0, 0, 0, 2, 7, 12, 14, 11, 6, 3, 2, 9, 15, 18, 12, 3, 1, 0, 0],
    weekend: [...CLOSED, 0, 0, 0, 3, 12, 24, 30, 26, 14, 4, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    units: [{ id: 'JBNB0004', firmware: '6.0.0', share: 1 }],
  },
];
