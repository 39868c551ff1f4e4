/** Who looks, and at what: every address of ARCHITECTURE.md's table of pages. Knows no browser. */
import { PLACES } from '../../scripts/seed/places.ts';
import type { DemoRole } from '../../scripts/start/secrets.ts';

export type Viewer = DemoRole | 'nobody';
export const VIEWERS: readonly Viewer[] = [
  'nobody',
  'owner',
  'owner2',
  'staff',
  'installer',
  'admin',
];

const place = PLACES[0]?.id ?? '';
const unit = PLACES[0]?.units[0]?.id ?? '';

/** Where an address takes a part, one of the demo. */
export const WAYS: readonly string[] = [
  '/',
  '/store',
  `/store/${place}`,
  '/locations',
  `/locations/${unit}`,
  '/bench',
  '/bench/log',
  '/bench/card',
  '/inspect',
  '/modem',
  '/handover',
  `/handover/${place}`,
  '/labels',
  `/activate/${unit}`,
  '/sign-in',
  '/password',
  '/work',
  '/staff',
  '/admin/people',
  '/admin/places',
  '/admin/orders',
  '/admin/alerts',
  '/admin/notices',
  '/admin/readings',
  `/admin/readings/${unit}`,
  '/admin/audit',
  '/admin/status',
  '/nowhere',
];
