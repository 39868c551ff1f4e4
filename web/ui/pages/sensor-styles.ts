/** How one sensor's page is laid out: one column on a phone, two from 1000 px. */
import { css } from 'lit';
import { pendingStyles } from '../elements/pending.ts';
import { stateDot } from '../elements/state-dot.ts';

export const sensorStyles = css`
  ${stateDot}
  ${pendingStyles}
  .pendings,
  .pending {
    display: grid;
    gap: 8px;
  }
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    max-width: 77.5rem;
    margin: 0 auto;
  }
  .facts {
    list-style: none;
    display: flex;
    flex-wrap: wrap;
    gap: 8px 24px;
    align-items: center;
    font-size: var(--size-14);
    overflow-wrap: anywhere;
  }
  .facts svg {
    vertical-align: -2px;
  }
  .state {
    display: inline-flex;
    gap: 8px;
    align-items: center;
    font-weight: 550;
  }
  .columns,
  .column {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 40px;
    align-content: start;
  }
  section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    padding-top: 16px;
    border-top: 1px solid var(--line);
  }
  .wait {
    animation: appear 0s 300ms both;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
  @media (min-width: 1000px) {
    .columns {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }
`;
