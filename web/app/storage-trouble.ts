/** What may be wrong with what this browser keeps. Words only. */

/**
 * `full`: no room for what is only remembered. `gave_way`: that was removed, so that what waits to
 * be sent could be kept. `unkept`: there was no room even for that. `blocked`: another tab is in
 * the way. `removed`: the browser has thrown away what was kept while the page was open.
 */
export type StorageTrouble = 'full' | 'gave_way' | 'unkept' | 'blocked' | 'removed';
