/** Styles of the modem's page. */
import { css } from 'lit';
import { base, buttons, fields } from '../elements/styles.ts';
import { checks } from '../elements/styles-parts.ts';

export const modemStyles = [
  base,
  buttons,
  fields,
  checks,
  css`
    .page {
      max-width: 60rem;
    }
    .page > * + * {
      margin-top: 16px;
    }
    .doors,
    .often,
    .row {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 12px;
      align-items: center;
    }
    .row input {
      flex: 1 1 14rem;
      min-width: 0;
    }
    form > * + * {
      margin-top: 8px;
    }
    #about {
      min-height: 1.5em;
      overflow-wrap: anywhere;
    }
  `,
];
