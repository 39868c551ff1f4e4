/** What the app works with: three small records, one a room, and what surrounds every answer. */
import type { Settings } from '../../shared/contracts/portal.ts';
import type { AdminServices } from './admin/services.ts';
import type { Assets } from './page.ts';
import type { PortalServices } from './portal/services.ts';
import type { UnitServices } from './unit/services.ts';

/** Built once by the composition root (worker/services.ts). */
export interface Services {
  unit: UnitServices;
  portal: PortalServices;
  admin: AdminServices;
  assets: Assets | undefined;
  settings: Settings;
  /** Of the requests that went well, how many are logged: 0 … 1. Failures always are. */
  logShare: number;
  /** After whatever may have changed a unit: those who keep its facts are told. */
  unitsChanged(): Promise<number>;
  now(): number;
}
