import { expect, test } from 'vitest';
import { platformOf, serialAdvice } from './serial-browsers.ts';

const KHTML = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const LINUX = 'Mozilla/5.0 (X11; Linux x86_64)';
const CHROMEOS = 'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 10; K)';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X)';
const SAFARI = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';
const chrome = (version: number, tail = '') =>
  `${KHTML} Chrome/${version}.0.0.0${tail} Safari/537.36`;
const firefox = (system: string, version: number) =>
  `Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;

const viewer = (userAgent: string, touchPoints = 0) => ({ userAgent, touchPoints, isSecure: true });

test.each([
  [`${WINDOWS} ${chrome(143)}`, 0, 'windows'],
  [`${MAC} ${SAFARI}`, 0, 'mac'],
  [`${MAC} ${SAFARI}`, 5, 'ios'],
  [`${IPHONE} ${SAFARI}`, 5, 'ios'],
  [`${LINUX} ${chrome(143)}`, 0, 'linux'],
  [firefox('X11; Linux x86_64', 140), 0, 'linux'],
  [`${CHROMEOS} ${chrome(143)}`, 0, 'chromeos'],
  [`${ANDROID} ${chrome(143)}`, 5, 'android'],
  [firefox('Android 15; Mobile', 151), 5, 'android'],
  ['something else', 0, 'unknown'],
] as const)('%s with %i fingers is %s', (userAgent, touchPoints, platform) => {
  expect(platformOf(viewer(userAgent, touchPoints))).toBe(platform);
});

const DESKTOP = 'Chrome, Edge, Opera, or Firefox (151 or later)';
const SWITCHED_OFF = 'can, but here it is switched off.';

test.each([
  // browsers that have none on this platform
  [`${MAC} ${SAFARI}`, 0, `On a Mac open this page in ${DESKTOP}.`],
  [`${LINUX} ${chrome(143)} Vivaldi/7.0`, 0, `On Linux open this page in ${DESKTOP}.`],
  [`${WINDOWS} something`, 0, `On Windows open this page in ${DESKTOP}.`],
  [`${CHROMEOS} something`, 0, 'On a Chromebook open this page in Chrome.'],
  [firefox('Android 15; Mobile', 151), 5, 'On Android open this page in Chrome (138 or later) and'],
  [`${ANDROID} SamsungBrowser/28.0 ${chrome(143)}`, 5, 'On Android open this page in Chrome (138'],
  [`${ANDROID} ${chrome(143, ' Mobile')} EdgA/143.0`, 5, 'On Android open this page in Chrome'],
  [`${IPHONE} ${SAFARI}`, 5, 'No browser on an iPhone or iPad can.'],
  [`${IPHONE} CriOS/143.0 ${SAFARI}`, 5, 'No browser on an iPhone or iPad can.'],
  ['something else', 0, `On a computer open this page in ${DESKTOP}.`],
  // browsers that are too old
  [firefox('X11; Linux x86_64', 140), 0, 'Update Firefox: it can from version 151 on.'],
  [firefox('Windows NT 10.0; Win64; x64', 150), 0, 'Update Firefox: it can from version 151 on.'],
  [`${ANDROID} ${chrome(137, ' Mobile')}`, 5, 'Update Chrome: it can from version 138 on.'],
  // browsers that have them, and were told not to
  [firefox('Macintosh; Intel Mac OS X 10.15', 151), 0, `Firefox ${SWITCHED_OFF}`],
  [`${WINDOWS} ${chrome(143)} Edg/143.0.0.0`, 0, `Edge ${SWITCHED_OFF}`],
  [`${WINDOWS} ${chrome(143)} OPR/127.0.0.0`, 0, `Opera ${SWITCHED_OFF}`],
  [`${CHROMEOS} ${chrome(143)}`, 0, `Chrome ${SWITCHED_OFF}`],
  [`${ANDROID} ${chrome(143, ' Mobile')}`, 5, `Chrome ${SWITCHED_OFF}`],
])('%s with %i fingers: %s', (userAgent, touchPoints, advice) => {
  expect(serialAdvice(viewer(userAgent, touchPoints))).toContain(advice);
});

test('without https it is the address', () => {
  const insecure = { ...viewer(`${LINUX} ${chrome(143)}`), isSecure: false };
  expect(serialAdvice(insecure)).toContain('https');
});
