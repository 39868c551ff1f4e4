/** The owner's page: calm, spacious, one column on a phone. */
import { css } from 'lit';
import { base, buttons, fields } from '../elements/styles.ts';

const own = css`
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 40px;
    max-width: 67.5rem;
    margin: 0 auto;
  }
  .page.narrow {
    max-width: 40rem;
    gap: 16px;
    padding-top: 16px;
  }
  @media screen {
    .page:not(.narrow) {
      /* What follows stands below the fold, and is not pushed there by numbers that come. */
      min-height: 100dvh;
      align-content: start;
    }
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: flex-end;
    gap: 16px;
  }
  .top > div {
    min-width: 0;
  }
  .sep {
    margin: 0 2px;
  }
  .as-of.old {
    color: var(--warn);
    font-weight: 600;
  }
  .pickers {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  select {
    width: auto !important;
    max-width: min(280px, 100%);
    text-overflow: ellipsis;
  }
  .pickers {
    align-items: center;
  }
  input.date {
    width: auto !important;
    min-width: 0;
    max-width: 100%;
  }
  .against select {
    min-width: 0;
  }
  .against {
    display: flex;
    min-width: 0;
    max-width: 100%;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
  }
  .against label {
    color: var(--muted);
    font-weight: 400;
  }
  .early {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    padding: 12px 16px;
    border-radius: var(--radius-small);
    background: var(--sunken);
  }
  .about {
    font-size: var(--size-16);
    font-weight: 400;
    letter-spacing: 0;
    color: var(--muted);
  }
  .exact summary {
    font-size: var(--size-14);
    color: var(--accent);
    cursor: pointer;
    width: fit-content;
    padding: 4px 0;
  }
  .exact p + p {
    margin-top: 8px;
  }
  .quality {
    display: flex;
    gap: 12px;
    align-items: baseline;
  }
  .badge {
    flex: none;
    padding: 2px 10px;
    border-radius: 999px;
    border: 1px solid var(--warn);
    color: var(--warn);
    font-size: var(--size-12);
    font-weight: 600;
  }
  .notes {
    display: none;
    margin: 0;
    padding: 0;
    list-style: none;
    overflow-wrap: anywhere;
  }
  .files {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: flex-start;
  }
  .panel > summary {
    color: var(--accent);
    cursor: pointer;
    width: fit-content;
    padding: 8px 0;
  }
  .panel[open] > :not(summary) {
    margin-top: 12px;
  }
  .days {
    display: inline-flex;
    flex-wrap: wrap;
    width: fit-content;
    padding: 2px;
    border-radius: 10px;
    background: var(--sunken);
  }
  .days button {
    min-height: 40px;
    min-width: 0;
    padding: 4px clamp(4px, 3vw, 16px);
    border: 0;
    background: none;
    color: var(--muted);
  }
  .days button[aria-pressed='true'] {
    background: var(--raised);
    color: var(--ink);
    box-shadow: 0 0 0 1px var(--line);
  }
  .first {
    display: grid;
    gap: 24px;
  }
  .missing {
    display: grid;
    gap: 4px;
  }
  .missing .open {
    display: flex;
    gap: 8px;
    color: var(--warn);
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .missing svg {
    flex: none;
    margin-top: 2px;
  }
  .hero dl {
    display: flex;
    flex-wrap: wrap;
    gap: 16px 48px;
    align-items: flex-start;
  }
  .hero dl > div {
    /* A long comparison breaks before it pushes the next figure away. */
    max-width: 21em;
  }
  .hero dt {
    color: var(--muted);
    font-weight: 550;
  }
  .hero dd {
    font-variant-numeric: tabular-nums;
  }
  .hero .big,
  .hero .middle {
    /* The space after *about* is of the figure's size. */
    word-spacing: -0.14em;
  }
  .hero .big {
    font-size: min(var(--size-64), 24vw);
    line-height: 1.1;
    overflow-wrap: anywhere;
    font-weight: 650;
    letter-spacing: -0.035em;
  }
  .hero .middle {
    font-size: var(--size-28);
    font-weight: 600;
    letter-spacing: -0.015em;
  }
  .hero .none {
    color: var(--muted);
  }
  section {
    display: grid;
    /* What is inside may shrink: a canvas keeps the width it had before the phone was turned. */
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
    align-content: start;
    min-width: 0;
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: baseline;
    gap: 4px 16px;
  }
  .key {
    display: flex;
    gap: 16px;
    font-size: var(--size-12);
    color: var(--muted);
  }
  .key span::before {
    forced-color-adjust: none;
    content: '';
    display: inline-block;
    width: 10px;
    height: 10px;
    margin-right: 6px;
    border-radius: 2px;
    background: var(--chart);
  }
  .key .behind::before {
    background: var(--chart-behind);
  }
  .bones {
    display: grid;
    gap: 40px;
    animation: appear 0s 300ms both;
  }
  .scroll {
    position: relative; /* so that visually hidden words scroll along */
    overflow-x: auto;
  }
  .chart-place {
    height: 15rem;
  }
  .picker-place {
    min-height: 44px;
  }
  .three {
    display: grid;
    gap: 40px;
  }
  .three jb-scale-bars {
    margin-top: 8px;
  }
  .table summary {
    font-size: var(--size-14);
    color: var(--accent);
    cursor: pointer;
    width: fit-content;
    padding: 4px 0;
  }
  table {
    border-collapse: collapse;
    font-size: var(--size-14);
    font-variant-numeric: tabular-nums;
    margin-top: 8px;
  }
  th,
  td {
    padding: 4px 24px 4px 0;
    text-align: right;
    white-space: nowrap;
    border-bottom: 1px solid var(--line);
    font-weight: 400;
  }
  th:first-child {
    text-align: left;
  }
  thead th {
    color: var(--muted);
    font-size: var(--size-12);
  }
  .foot {
    border-top: 1px solid var(--line);
    padding-top: 16px;
    max-width: none;
  }
  .bone {
    max-width: 100%;
    border-radius: var(--radius-small);
    background: var(--sunken);
  }
  .bone.number {
    width: 200px;
    height: 96px;
  }
  .bone.chart {
    height: 280px;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
    to {
      visibility: visible;
    }
  }
  @media (min-width: 640px) {
    .hero .middle {
      /* Its middle on the middle of the big number: 64 px × 1.1. */
      line-height: 70px;
    }
  }
  @media (min-width: 900px) {
    .three {
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 48px;
    }
  }
  @media (min-width: 1280px) {
    .hero dl {
      /* All figures side by side; their sentences break instead. */
      flex-wrap: nowrap;
      column-gap: 32px;
    }
    .hero dl > div:first-child {
      flex: none;
    }
    .hero dl > div + div dt {
      white-space: nowrap;
    }
  }
  @media (max-width: 480px) {
    .pickers,
    .days {
      width: 100%;
    }
    .against {
      flex: 1 1 50%;
      width: auto;
    }
    .against label {
      /* Above its field, whose words may be cut off: without it nobody knows what they mean. */
      flex: 1 0 100%;
      font-size: var(--size-12);
      line-height: 1;
    }
    .pickers {
      align-items: flex-start;
    }
    .against select {
      flex: 1;
      min-width: 0;
      width: auto !important;
    }
    input.date {
      flex: 1 1 30%;
      /* ten digits and points, and the sign that opens the calendar */
      min-width: 10em;
    }
    .days button {
      flex: 1;
    }
    select,
    .picker-place {
      width: 100% !important;
      max-width: none;
    }
  }
  @media (min-width: 360px) and (max-width: 480px) {
    .pickers > input.date {
      /* Beside the field that is compared with, below its label and the gap. */
      margin-top: calc(var(--size-12) + 4px);
    }
  }
  @media print {
    .notes {
      display: grid;
      gap: 4px;
    }
    .hero dl {
      flex-wrap: nowrap;
      gap: 24px;
    }
    .page {
      /* A week with its notes and sales is two sheets of A4, with room to spare. */
      gap: 14px;
      font-size: 0.85em;
      max-width: none;
      filter: grayscale(1);
    }
    .pickers,
    .own,
    .usual,
    .panel,
    .files,
    .exact,
    .early button,
    summary,
    .chart-place {
      display: none;
    }
    section {
      break-inside: avoid;
    }
    .page > section {
      /* The table below the chart may go on overleaf: whole, both are longer than a sheet. */
      break-inside: auto;
    }
    .three {
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 24px;
    }
  }
`;

/** With the styles that elements share. */
export const insightsStyles = [base, buttons, fields, own];
