/** Styles of parts that not every page has: fetched with who uses them. */
import { css } from 'lit';

/** A box to tick with its words beside it. */
export const checks = css`
  .check {
    display: flex;
    gap: 8px;
    align-items: center;
    font-weight: 400;
    min-height: 36px;
  }
  .check input {
    flex: none;
  }
`;

/** Names with their values, a pair a row. */
export const factList = css`
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 4px 16px;
    font-size: var(--size-14);
  }
  dt {
    color: var(--muted);
  }
  dd {
    overflow-wrap: anywhere;
  }
`;

/** How far something is. */
export const bars = css`
  progress {
    appearance: none;
    width: 100%;
    border: 0;
    background: var(--line);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--line);
  }
  progress::-webkit-progress-value {
    background: var(--accent);
  }
  progress::-moz-progress-bar {
    background: var(--accent);
  }
`;

/** A list of what is about something: what, and how it is. */
export const statedRows = css`
  ul {
    list-style: none;
    padding: 0;
  }
  li {
    display: grid;
    grid-template-columns: minmax(8rem, 12rem) minmax(0, 1fr);
    gap: 0 16px;
    padding: 8px 0;
    border-bottom: 1px solid var(--line);
    overflow-wrap: anywhere;
  }
  @media (max-width: 480px) {
    li {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
