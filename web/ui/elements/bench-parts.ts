/** Registers every element of the bench; imported for that effect by the bench page. */
import './chip-card.ts';
import './console-view.ts';
import './notice.ts';
import './outbox-list.ts';
import './prepare-form.ts';
import './prepare-result.ts';
import './readings-table.ts';
import './stage-list.ts';
import './unit-drawing.ts';
import './virtual-controls.ts';
