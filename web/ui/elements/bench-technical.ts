/** Registers what stands under the bench's *Technical details*; fetched with the first unit. */
import './console-view.ts';
import './readings-table.ts';
import './stage-list.ts';
