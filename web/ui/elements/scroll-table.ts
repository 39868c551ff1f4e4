/** A table of times and figures that scrolls in a frame of its own, its heads staying in sight. */
import { css } from 'lit';

export const scrollTable = css`
  .scroll {
    position: relative; /* so that visually hidden words scroll along */
    overflow: auto;
    max-height: 360px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--size-14);
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 6px 12px 6px 0;
    text-align: start;
    font-weight: 400;
    white-space: nowrap;
    border-bottom: 1px solid var(--line);
  }
  thead th {
    color: var(--muted);
    position: sticky;
    top: 0;
    background: var(--surface);
  }
`;
