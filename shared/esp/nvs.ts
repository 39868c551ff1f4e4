/** NVS partition images: the one door for users of the format. */
export { formatNvsCsv, parseNvsCsv } from './nvs-csv.ts';
export type { NvsEntry, NvsItem, NvsNamespace } from './nvs-format.ts';
export { type NvsContents, type NvsSkipped, readNvs } from './nvs-reader.ts';
export { writeNvs } from './nvs-writer.ts';
