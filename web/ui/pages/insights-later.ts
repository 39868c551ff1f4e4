/** What the Store page fetches once its first number is there. Only a door to it. */
export { dayDetails } from './insights-day.ts';
export { howExact } from './insights-estimate.ts';
export { missing, noSensor } from './insights-missing.ts';
export { againstPicker, datePicker } from './insights-pickers.ts';
export { qualityBadge } from './insights-quality.ts';
export { ownParts } from './insights-shop.ts';
export { week } from './insights-week.ts';
