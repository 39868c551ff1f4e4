/** How a sensor's past is laid out: charts below each other, two beside where there is room. */
import { css } from 'lit';
import { scrollTable } from './scroll-table.ts';

export const sensorPastStyles = css`
  ${scrollTable}
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }
  .picker,
  .group {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 24px;
    align-items: center;
  }
  .group {
    gap: 8px;
  }
  button[aria-pressed='true'] {
    background: var(--accent-soft);
    border-color: var(--accent);
    color: var(--accent);
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr));
    gap: 24px 40px;
  }
  figure,
  figcaption {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    align-content: start;
  }
  figure {
    break-inside: avoid;
  }
  .happened {
    list-style: none;
    display: grid;
    gap: 8px;
  }
  .happened li {
    display: grid;
    grid-template-columns: 28px minmax(0, 1fr);
    gap: 8px;
    align-items: center;
    overflow-wrap: anywhere;
  }
  .advice {
    padding: 8px 12px;
    border-inline-start: 3px solid var(--warn);
    background: var(--warn-soft);
  }
  .mark {
    height: 0;
    border-top: 2px solid var(--bad);
  }
  .mark.firmware {
    border-top: 2px dashed var(--ok);
  }
  .mark.restart {
    border-top: 2px dotted var(--muted);
  }
  summary {
    cursor: pointer;
    padding: 8px 0;
  }
  .wait {
    animation: appear 0s 300ms both;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
  @media print {
    .scroll {
      max-height: none;
    }
    .picker .group {
      display: none;
    }
  }
`;
