/**
 * Why the chip starts: the ROM's words for it and the number an app reads. Sources: ESP-IDF
 * `esp_rom/esp32s3/rom/rtc.h` (RESET_REASON), virtual ABI `reset_reason()`.
 */

export type ResetCause =
  | 'power-on'
  | 'software'
  | 'usb'
  | 'watchdog'
  | 'panic'
  | 'brown-out'
  | 'boot-failure';

interface CauseText {
  /** In the ROM's `rst:` line. */
  rom: string;
  /** What `reset_reason()` gives the app. */
  app: number;
  /** True when the strapping pin (the boot button) is sampled again. */
  samplesStraps: boolean;
}

export const RESET_CAUSES: Record<ResetCause, CauseText> = {
  'power-on': { rom: '0x1 (POWERON)', app: 0, samplesStraps: true },
  software: { rom: '0xc (RTC_SW_CPU_RST)', app: 1, samplesStraps: false },
  usb: { rom: '0x15 (USB_UART_CHIP_RESET)', app: 2, samplesStraps: false },
  watchdog: { rom: '0x10 (RTCWDT_RTC_RST)', app: 3, samplesStraps: true },
  panic: { rom: '0xc (RTC_SW_CPU_RST)', app: 5, samplesStraps: false },
  'brown-out': { rom: '0xf (RTCWDT_BROWN_OUT_RST)', app: 4, samplesStraps: true },
  'boot-failure': { rom: '0x7 (TG0WDT_SYS_RST)', app: 3, samplesStraps: false },
};

/** The first lines of a start. */
export function startBanner(romBanner: string, cause: ResetCause, download: boolean): string {
  const mode = download ? '0x0 (DOWNLOAD(USB/UART0))' : '0x8 (SPI_FAST_FLASH_BOOT)';
  const lines = `${romBanner}rst:${RESET_CAUSES[cause].rom},boot:${mode}\r\n`;
  return download ? `${lines}waiting for download\r\n` : lines;
}
