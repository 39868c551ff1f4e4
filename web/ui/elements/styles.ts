/** Styles that elements share: type, links, buttons, fields. Colours come from tokens.css. */
import { css } from 'lit';

/** Box model, headings, links, focus ring: every element with a shadow root starts with these. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  figure {
    margin: 0;
    padding: 0;
  }
  h1 {
    font-size: var(--size-28);
    line-height: 1.2;
    font-weight: 650;
    letter-spacing: -0.015em;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: var(--size-20);
    line-height: 1.3;
    font-weight: 600;
    letter-spacing: -0.01em;
  }
  h3 {
    font-size: var(--size-16);
    font-weight: 600;
  }
  h1:focus {
    outline: none;
  }
  p {
    max-width: 70ch;
    overflow-wrap: anywhere;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.2em;
  }
  :focus-visible {
    outline: var(--focus);
    outline-offset: 2px;
    border-radius: 4px;
  }
  .figure {
    font-variant-numeric: tabular-nums;
  }
  .muted {
    color: var(--muted);
  }
  .small {
    font-size: var(--size-14);
  }
  .mono {
    font-family: var(--mono);
    font-size: 0.92em;
  }
  /* Where colours are the system's, what is chosen is framed instead of filled. */
  @media (forced-colors: active) {
    [aria-pressed='true'],
    [aria-current='page'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

export const buttons = css`
  button,
  .button {
    font: inherit;
    font-weight: 550;
    min-height: 44px;
    padding: 8px 20px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: var(--raised);
    color: var(--ink);
    cursor: pointer;
    text-decoration: none;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    transition: background var(--quick);
  }
  button:hover,
  .button:hover {
    background: var(--sunken);
  }
  button.primary,
  .button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--accent-ink);
  }
  button.primary:hover,
  .button.primary:hover {
    background: color-mix(in oklab, var(--accent) 88%, var(--ink));
  }
  button.quiet {
    border-color: transparent;
    background: none;
    color: var(--accent);
  }
  button.small,
  a.button.small {
    min-height: 36px;
    padding: 4px 12px;
    font-size: var(--size-14);
  }
  button[aria-disabled='true'],
  button:disabled {
    color: var(--muted);
    background: var(--sunken);
    border-color: var(--line);
    cursor: default;
  }
`;

export const fields = css`
  label {
    font-weight: 550;
    font-size: var(--size-14);
  }
  .field {
    display: grid;
    gap: 4px;
    align-content: start;
  }
  input:not([type='checkbox'], [type='range'], [type='radio']),
  select {
    font: inherit;
    min-height: 44px;
    width: 100%;
    padding: 8px 12px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: var(--raised);
    color: var(--ink);
  }
  select {
    /* WebKit lets what is chosen reach beyond a list that is narrower. */
    contain: paint;
  }
  input[aria-invalid='true'] {
    border-color: var(--bad);
    box-shadow: inset 0 0 0 1px var(--bad);
  }
  input[type='range'],
  input[type='checkbox'],
  input[type='radio'] {
    accent-color: var(--accent);
  }
  .help {
    font-size: var(--size-14);
    color: var(--muted);
  }
  .wrong {
    font-size: var(--size-14);
    color: var(--bad);
  }
`;
