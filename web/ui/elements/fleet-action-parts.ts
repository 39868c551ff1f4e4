/** What `<jb-fleet-action>` is made of. */
import './fleet-form.ts';
import './notice.ts';

export { download } from '../download.ts';
export { ask } from './ask.ts';
export { styles } from './fleet-action-styles.ts';
export { type FleetActionKind, needsNetwork } from './fleet-bar.ts';
export { fleetPreview } from './fleet-preview.ts';
export { fleetProgress } from './fleet-progress.ts';
