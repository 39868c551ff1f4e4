/**
 * What commands change in the modem, and what each power cycle starts with. No behaviour.
 */

/** What commands change and restarts reset, but for `contexts`, `bands` and `psm`. */
export interface Settings {
  cmee: 0 | 1 | 2;
  ceregN: 0 | 1 | 2;
  cfun: number;
  copsMode: number;
  netOpen: boolean;
  netOpening: boolean;
  contexts: Map<number, { type: string; apn: string }>;
  bands: string;
  /** Power saving: it sleeps when nothing is sent. */
  psm: boolean;
}

/** Every band the module knows; AT+QCBAND narrows it. */
const ALL_BANDS = '0,1,2,3,4,5,8,12,13,17,18,19,20,25,26,28,66,70,71,85';

/** As the module leaves the factory: CID 0 exists and has no APN. */
export function freshSettings(): Settings {
  return {
    cmee: 0,
    ceregN: 0,
    cfun: 1,
    copsMode: 0,
    netOpen: false,
    netOpening: false,
    contexts: new Map([[0, { type: 'IP', apn: '' }]]),
    bands: ALL_BANDS,
    psm: false,
  };
}

/** Of `AT+QCBAND`'s list: the mode in front is no band. */
export const bandsOf = (list: string): number[] => list.split(',').slice(1).map(Number);
