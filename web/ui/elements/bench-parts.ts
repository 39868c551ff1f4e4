/** Registers what the bench shows at once, and hands on what the page itself needs of it. */
import './chip-card.ts';
import './notice.ts';
import './prepare-form.ts';
import './prepare-hero.ts';
import './unit-drawing.ts';

export { icon } from './icons.ts';
export type { PrepareRequest } from './prepare-form.ts';
export { touch } from './touch.ts';
