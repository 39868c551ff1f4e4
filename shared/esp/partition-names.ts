/**
 * Names and numbers of partition types, subtypes and flags, and numbers as Python's `int(text, 0)`
 * reads them with K or M behind. Source: `gen_esp32part.py` and "Partition Tables" of ESP-IDF.
 */
import { hexDigits } from '../bytes.ts';
import type { AppError } from '../errors.ts';

/** Makes the error that names the line. */
export type Wrong = (what: string) => AppError;

export const TYPE = { app: 0, data: 1, bootloader: 2, partition_table: 3 } as const;
/** Of the types `bootloader` and `partition_table`: the one the chip starts with. */
export const PRIMARY = 0;
export const RECOVERY = 2;
export const DATA_SUBTYPE = {
  ...{ ota: 0, phy: 1, nvs: 2, coredump: 3, nvs_keys: 4, efuse: 5, undefined: 6 },
  ...{ esphttpd: 0x80, fat: 0x81, spiffs: 0x82, littlefs: 0x83, tee_ota: 0x90 },
} as const;

type Names = Record<string, number>;

const otaSlots = Array.from({ length: 16 }, (_, n) => [`ota_${n}`, 0x10 + n]);
const SUBTYPES: Record<number, Names> = {
  [TYPE.app]: {
    ...{ factory: 0, test: 0x20, tee_0: 0x30, tee_1: 0x31 },
    ...Object.fromEntries(otaSlots),
  },
  [TYPE.data]: DATA_SUBTYPE,
  [TYPE.bootloader]: { primary: PRIMARY, ota: 1, recovery: RECOVERY },
  [TYPE.partition_table]: { primary: PRIMARY, ota: 1 },
};
/** Bits of the flag word. */
export const FLAG = { encrypted: 1, readonly: 2 } as const;

/** @throws what `wrong` makes */
export function typeOf(text: string, wrong: Wrong): number {
  if (text === '') throw wrong('the type is missing');
  return byteOf(text, TYPE, wrong);
}

/** An empty one is `undefined`, except of an app. @throws what `wrong` makes */
export function subtypeOf(type: number, text: string, wrong: Wrong): number {
  if (text !== '') return byteOf(text, SUBTYPES[type] ?? {}, wrong);
  if (type === TYPE.app) throw wrong('an app needs a subtype, like factory or ota_0');
  return DATA_SUBTYPE.undefined;
}

/** Names between colons. @throws what `wrong` makes */
export function flagsOf(text: string, wrong: Wrong): number {
  const known: Names = FLAG;
  let flags = 0;
  for (const name of text.split(':').filter((part) => part !== '')) {
    if (!Object.hasOwn(known, name)) throw wrong(`the flag "${name}" is not known`);
    flags |= known[name] ?? 0;
  }
  return flags;
}

/** @throws what `wrong` makes */
export function numberOf(text: string, wrong: Wrong): number {
  const units = /[km]*$/i.exec(text)?.[0].toLowerCase() ?? '';
  const number = text.slice(0, text.length - units.length).trim();
  const whole = /^([+-]?)(0x[0-9a-f_]+|0o[0-7_]+|0b[01_]+|[0_]+|[1-9][\d_]*)$/i.exec(number);
  const digits = whole?.[2] ?? '';
  if (!whole || /^_|__|_$/.test(digits))
    throw wrong(`"${text}" is no whole number, with or without K or M`);
  let value = Number(digits.replaceAll('_', '').toLowerCase());
  for (const unit of units) value *= unit === 'k' ? 1024 : 1024 * 1024;
  if (value > 0xffff_ffff) throw wrong(`"${text}" is beyond 32 bits`);
  return whole[1] === '-' && value !== 0 ? -value : value;
}

/** As the CSV names it; `0x40` where the number has no name. */
export function nameOfType(type: number): string {
  return nameIn(TYPE, type);
}

/** As the CSV names it; `0x06` where the number has no name in this type. */
export function nameOfSubtype(type: number, subtype: number): string {
  return nameIn(SUBTYPES[type] ?? {}, subtype);
}

function nameIn(names: Names, value: number): string {
  const known = Object.entries(names).find(([, number]) => number === value);
  return known?.[0] ?? `0x${hexDigits(value, 2)}`;
}

function byteOf(text: string, names: Names, wrong: Wrong): number {
  const name = text.toLowerCase();
  if (/^[\d+-]/.test(name)) return inByte(numberOf(text, wrong), text, wrong);
  if (!Object.hasOwn(names, name)) {
    throw wrong(`"${text}" is none of ${Object.keys(names).join(', ')}, and no number`);
  }
  return inByte(names[name] ?? -1, text, wrong);
}

function inByte(value: number, text: string, wrong: Wrong): number {
  if (value < 0 || value > 0xff) throw wrong(`"${text}" is not 0 to 0xff`);
  return value;
}
