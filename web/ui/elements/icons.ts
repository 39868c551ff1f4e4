/** The page's own small set of line icons, 20 × 20, drawn in the text's colour. Decoration only. */
import { html, svg, type TemplateResult } from 'lit';

const PATHS = {
  store: svg`<path d="M3 8.5 4.4 4h11.2L17 8.5M4.5 10v6h11v-6M8 16v-4h4v4M3 8.5a2.3 2.3 0 0 0 4.6 0
    2.4 2.4 0 0 0 4.8 0 2.3 2.3 0 0 0 4.6 0"/>`,
  place: svg`<path d="M10 17.5s5-4.6 5-9a5 5 0 0 0-10 0c0 4.4 5 9 5 9z"/>
    <circle cx="10" cy="8.5" r="1.8"/>`,
  bench: svg`<rect x="5" y="7" width="10" height="10" rx="2"/>
    <path d="M8 7V3.5h4V7M8 11h4M10 9v4"/>`,
  home: svg`<path d="M3 9.5 10 4l7 5.5M5 8.5V16h10V8.5"/>`,
  account: svg`<circle cx="10" cy="7" r="3"/><path d="M4 16.5c.8-3 3-4.5 6-4.5s5.2 1.5 6 4.5"/>`,
  admin: svg`<path d="M3 6h8m4 0h2M3 14h2m4 0h8"/><circle cx="13" cy="6" r="2"/>
    <circle cx="7" cy="14" r="2"/>`,
  offline: svg`<path d="M2.5 8a11 11 0 0 1 4-2.4M17.5 8A11 11 0 0 0 9 4.9M5.5 11.2A6.5 6.5 0 0 1 8
    9.6M14.5 11.2A6.5 6.5 0 0 0 13 10M3 3l14 14"/><circle cx="10" cy="15" r="1"/>`,
  check: svg`<path d="m4 10.5 4 4 8-9"/>`,
  cross: svg`<path d="m5 5 10 10M15 5 5 15"/>`,
  warning: svg`<path d="M10 3 2.5 16.5h15zM10 8v4M10 14.3v.2"/>`,
  note: svg`<path d="M5 17V3.5M5 4h9.5l-2 3.2 2 3.3H5"/>`,
  dot: svg`<circle cx="10" cy="10" r="2"/>`,
  usb: svg`<path d="M10 17V3m0 0L8 5.5M10 3l2 2.5M10 13l-4-2V8.5M10 11.5l4-2V7"/>`,
  play: svg`<path d="M6 4.5v11l9-5.5z"/>`,
} as const;

export type IconName = keyof typeof PATHS;

/** The icon; whoever uses it puts a word beside it. */
export function icon(name: IconName, size = 20): TemplateResult {
  return html`<svg width=${size} height=${size} viewBox="0 0 20 20" fill="none"
    stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"
    aria-hidden="true" focusable="false">${PATHS[name]}</svg>`;
}

/** The mark of JamBench: a jar whose fill is a bar chart. */
export function mark(size = 28): TemplateResult {
  return html`<svg width=${size} height=${size} viewBox="0 0 32 32" aria-hidden="true"
    focusable="false">
    <rect x="8" y="3" width="16" height="5" rx="1.5" fill="currentColor"/>
    <path d="M7 11.5A2.5 2.5 0 0 1 9.5 9h13a2.5 2.5 0 0 1 2.5 2.5v13a4.5 4.5 0 0 1-4.5 4.5h-9
      A4.5 4.5 0 0 1 7 24.5z" fill="none" stroke="currentColor" stroke-width="2"/>
    <path d="M11 25v-5h2.5v5zM14.75 25V14h2.5v11zM18.5 25v-8H21v8z" fill="currentColor"/>
  </svg>`;
}
