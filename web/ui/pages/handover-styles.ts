/** Styles of the handover: a form on the screen, a sheet on paper. */
import { css } from 'lit';
import { scrollTable } from '../elements/scroll-table.ts';
import { base, buttons, fields } from '../elements/styles.ts';

export const handoverStyles = [
  base,
  buttons,
  fields,
  scrollTable,
  css`
    .page {
      display: grid;
      gap: 16px;
    }
    .field {
      max-width: 480px;
    }
    .scroll {
      max-height: none;
    }
    th,
    td {
      vertical-align: top;
      white-space: normal;
    }
    td input {
      min-width: 140px;
    }
    @media screen {
      td:nth-child(3) {
        min-width: 180px;
      }
    }
    .mac {
      display: block;
      color: var(--muted);
    }
    textarea {
      font: inherit;
      padding: 8px 12px;
      border: 1px solid var(--line-strong);
      border-radius: var(--radius-small);
      background: var(--raised);
      color: var(--ink);
      width: 100%;
      min-height: 120px;
    }
    .text {
      white-space: pre-wrap;
    }
    .paper {
      display: none;
    }
    .photos {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(220px, 100%), 1fr));
      gap: 8px;
    }
    .photos img {
      width: 100%;
      max-height: 260px;
      object-fit: contain;
    }
    .signatures {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
      gap: 48px 24px;
      margin-top: 56px;
    }
    .line {
      border-top: 1px solid var(--ink);
      padding-top: 4px;
      font-size: var(--size-14);
    }
    @media print {
      .screen {
        display: none;
      }
      .paper {
        display: block;
      }
      /* Room to write by hand where nothing was typed. */
      .paper.text {
        min-height: 24mm;
      }
      .scroll {
        overflow: visible;
      }
      td input {
        border: none;
        padding: 0;
        min-height: 0;
        background: none;
      }
      tr,
      figure,
      .signatures {
        break-inside: avoid;
      }
      .photos {
        grid-template-columns: 1fr 1fr;
      }
    }
  `,
];
