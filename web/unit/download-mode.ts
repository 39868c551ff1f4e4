/**
 * Download mode: resets the chip into its boot ROM, finds out who it is, uploads the flasher stub.
 * Built on esptool-js' ESPLoader. Knows registers and eFuses; nothing of images or of the app.
 */
import { msg, str } from '@lit/localize';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { throwIfCancelled, whyAborted } from '../app/cancel.ts';
import type { ChipInfo, Target } from '../app/unit-state.ts';
import { LoaderIo } from './loader-io.ts';
import { createLoader, type S3Loader } from './s3-loader.ts';
import { StubCommands } from './stub-commands.ts';
import type { Transport } from './transport.ts';

const CHIP_ID_ESP32S3 = 9;
const BAUD = 115200;
/** Each attempt resets and asks five times; esptool's own default. */
const ATTEMPTS = 7;
/** A stub that did not arrive whole, an answer that was lost: reset and from the start. */
const ENTRIES = 3;

/** EFUSE_RD_REPEAT_DATA3: SECURE_VERSION is bits 14 to 29, one set for each version. */
const EFUSE_REPEAT_DATA3 = 0x6000703c;
const SECURE_VERSION_SHIFT = 14;
/** GET_SECURITY_INFO, flags. Source: esptool, `get_security_info`. */
const SECURE_BOOT = 1 << 0;
const SECURE_DOWNLOAD = 1 << 2;

const RTC_WDT_PROTECT = 0x600080b0;
const RTC_WDT_CONFIG0 = 0x60008098;
const RTC_WDT_TIMEOUT = 0x6000809c;
const RTC_WDT_KEY = 0x50d83aa1;
/** Enabled, stage 0 resets the whole chip, as esptool's watchdog reset sets it. */
const RTC_WDT_RESET = 0xd0000102;
const SUPER_WDT_PROTECT = 0x600080b8;
const SUPER_WDT_CONFIG = 0x600080b4;
const SUPER_WDT_KEY = 0x8f1d312a;
const SUPER_WDT_AUTO_FEED = 0x80000000;
/** Bit 0: stay in download mode over a reset. */
const RTC_OPTION1 = 0x6000812c;
/** Time for the watchdog (2000 slow-clock ticks) to bite and the chip to come up. */
const WATCHDOG_WAIT_MS = 500;

/** Failures that say enough themselves. */
const PASSED_ON: readonly ErrorCode[] = ['port_lost', 'unit_refused', 'cancelled', 'chip_locked'];
/** Failures after which a reset may help. */
const AGAIN: readonly ErrorCode[] = ['unit_silent', 'unit_refused'];

/** An open conversation with the chip's loader. */
export interface DownloadMode {
  chip: ChipInfo;
  stub: StubCommands;
  io: LoaderIo;
  /** Lets the next reset run the app, whatever an app has left behind. */
  allowAppBoot(): Promise<void>;
}

/**
 * @param onLoader called with `rom` when the ROM answers and `stub` when the stub does
 * @throws AppError `no_sync`, `wrong_chip`, `chip_locked`, `port_lost`, `unit_silent`,
 * `unit_refused`, `cancelled`
 */
export async function enterDownload(
  transport: Transport,
  port: SerialPortInfo,
  onLoader: (loader: 'rom' | 'stub') => void,
  signal?: AbortSignal,
): Promise<DownloadMode> {
  for (let entry = 1; ; entry++) {
    try {
      return await enterOnce(transport, port, onLoader, signal);
    } catch (error) {
      const again = error instanceof AppError && AGAIN.includes(error.code);
      if (!again || entry === ENTRIES) throw error;
    }
  }
}

async function enterOnce(
  transport: Transport,
  port: SerialPortInfo,
  onLoader: (loader: 'rom' | 'stub') => void,
  signal?: AbortSignal,
): Promise<DownloadMode> {
  const { io, loader } = makeLoader(transport, port);
  await connect(transport, io, loader, signal);
  transport.settled();
  requireS3(loader);
  await translate(transport, 'unit_silent', () => requireOpen(loader));
  loader.useOwnRegisters();
  onLoader('rom');
  const chip = await translate(transport, 'unit_silent', async () => {
    await stopWatchdogs(loader);
    const identity = await readIdentity(loader);
    await loader.runStub();
    onLoader('stub');
    const secureVersion = await readSecureVersion(loader);
    return { ...identity, secureVersion, flashBytes: await readFlashBytes(loader) };
  });
  throwIfCancelled(signal);
  const target: Target = isLocallyAdministered(chip.mac) ? 'virtual' : 'esp32s3';
  return {
    chip: { ...chip, target },
    stub: new StubCommands(io),
    io,
    allowAppBoot: () =>
      translate(transport, 'unit_silent', () => loader.writeReg(RTC_OPTION1, 0, 1)),
  };
}

/**
 * Resets through the RTC watchdog: the way out of a download mode that was entered with the button,
 * where the USB reset does not sample the boot pin again. The ROM must be waiting for commands.
 */
export async function watchdogReset(transport: Transport, port: SerialPortInfo): Promise<void> {
  const { loader } = makeLoader(transport, port);
  await translate(transport, 'no_sync', () => loader.connect('no_reset', 1, false));
  await loader.writeReg(RTC_OPTION1, 0, 1);
  await loader.writeReg(RTC_WDT_PROTECT, RTC_WDT_KEY);
  await loader.writeReg(RTC_WDT_TIMEOUT, 2000);
  await loader.writeReg(RTC_WDT_CONFIG0, RTC_WDT_RESET);
  await loader.writeReg(RTC_WDT_PROTECT, 0);
  await transport.wait(WATCHDOG_WAIT_MS);
}

function makeLoader(transport: Transport, port: SerialPortInfo) {
  const io = new LoaderIo(transport, port);
  transport.onBytes = (bytes) => io.push(bytes);
  return { io, loader: createLoader(io, BAUD) };
}

async function connect(
  transport: Transport,
  io: LoaderIo,
  loader: S3Loader,
  signal?: AbortSignal,
): Promise<void> {
  throwIfCancelled(signal);
  const stop = () => signal && io.fail(whyAborted(signal));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await loader.connect('usb_reset', ATTEMPTS, true);
  } catch (cause) {
    throwIfCancelled(signal);
    if (transport.state === 'lost') throw lost(cause);
    if (cause instanceof Error && cause.name.startsWith('UnexpectedChip'))
      throw wrongChip('unknown');
    // it did answer SYNC
    if (cause instanceof AppError && [...PASSED_ON, ...AGAIN].includes(cause.code)) throw cause;
    throw new AppError('no_sync', msg('The chip does not answer in download mode.'), { cause });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function requireS3(loader: S3Loader): void {
  if (loader.chip.IMAGE_CHIP_ID !== CHIP_ID_ESP32S3) throw wrongChip(loader.chip.CHIP_NAME);
}

/** A chip that would take no firmware of ours, or not start it, is left as it is. */
async function requireOpen(loader: S3Loader): Promise<void> {
  const { flags, flashCryptCnt } = await loader.getSecurityInfo();
  if (flags & SECURE_DOWNLOAD) {
    throw locked(msg('Its chip is in secure download mode: what it holds cannot be verified.'));
  }
  if (flags & SECURE_BOOT) {
    throw locked(msg('Its chip starts signed firmware only, and this firmware is not signed.'));
  }
  if (bitsSet(flashCryptCnt) % 2 === 1) {
    throw locked(msg('Its flash is encrypted: firmware that is written over USB would not start.'));
  }
}

async function readSecureVersion(loader: S3Loader): Promise<number> {
  return bitsSet(((await loader.readReg(EFUSE_REPEAT_DATA3)) >>> SECURE_VERSION_SHIFT) & 0xffff);
}

function bitsSet(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest >>>= 1) count += rest & 1;
  return count;
}

async function stopWatchdogs(loader: S3Loader): Promise<void> {
  await loader.writeReg(RTC_WDT_PROTECT, RTC_WDT_KEY);
  await loader.writeReg(RTC_WDT_CONFIG0, 0);
  await loader.writeReg(RTC_WDT_PROTECT, 0);
  await loader.writeReg(SUPER_WDT_PROTECT, SUPER_WDT_KEY);
  const config = await loader.readReg(SUPER_WDT_CONFIG);
  await loader.writeReg(SUPER_WDT_CONFIG, config | SUPER_WDT_AUTO_FEED);
  await loader.writeReg(SUPER_WDT_PROTECT, 0);
}

async function readIdentity(loader: S3Loader) {
  const description = await loader.chip.getChipDescription(loader);
  const match = /^(.*?) \(revision (v[\d.]+)\)$/.exec(description);
  const mac = (await loader.chip.readMac(loader)).toUpperCase();
  return { name: match?.[1] ?? description, revision: match?.[2] ?? '', mac };
}

/** JEDEC capacity code of command 9F: 0x17 = 2^23 bytes. */
async function readFlashBytes(loader: S3Loader): Promise<number> {
  const capacity = ((await loader.readFlashId()) >> 16) & 0xff;
  return capacity >= 0x12 && capacity <= 0x1c ? 2 ** capacity : 0;
}

/** Bit 1 of the first byte: an address no manufacturer gave. Only virtual boards have one. */
function isLocallyAdministered(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
}

async function translate<T>(
  transport: Transport,
  code: 'no_sync' | 'unit_silent',
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (transport.state === 'lost') throw lost(cause);
    if (cause instanceof AppError && PASSED_ON.includes(cause.code)) throw cause;
    throw new AppError(code, msg('The unit’s boot loader stopped answering.'), { cause });
  }
}

function wrongChip(name: string): AppError {
  return new AppError('wrong_chip', msg(str`This is not an ESP32-S3: the chip says ${name}.`));
}

function locked(why: string): AppError {
  return new AppError('chip_locked', why);
}

function lost(cause: unknown): AppError {
  return new AppError('port_lost', msg('The connection to the unit is gone.'), { cause });
}
