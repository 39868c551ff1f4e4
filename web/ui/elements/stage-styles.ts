/** Stages and steps: dense and exact, mark, word and colour show a state. */
import { css } from 'lit';
import { bars } from './styles-parts.ts';

const own = css`
  :host {
    display: grid;
    gap: 20px;
  }
  h3 {
    font-size: var(--size-12);
    font-weight: 600;
    color: var(--muted);
    margin-bottom: 4px;
  }
  ol {
    list-style: none;
  }
  .stage {
    display: grid;
    grid-template-columns: 24px 1fr auto;
    align-items: center;
    gap: 0 8px;
    padding: 6px 0;
    border-bottom: 1px solid var(--line);
  }
  .mark {
    display: inline-grid;
    place-items: center;
    color: var(--muted);
  }
  .waiting .name,
  .skipped .name {
    color: var(--muted);
  }
  .running > .name {
    font-weight: 600;
  }
  .running > .mark {
    color: var(--accent);
  }
  .done > .mark,
  .ok > .mark {
    color: var(--ok);
  }
  .warning > .mark {
    color: var(--warn);
  }
  .failed > .mark {
    color: var(--bad);
  }
  .failed > .name {
    font-weight: 600;
  }
  .time {
    font-size: var(--size-14);
    font-variant-numeric: tabular-nums;
    color: var(--muted);
    white-space: nowrap;
  }
  .detail,
  .progress,
  .steps {
    grid-column: 2 / -1;
  }
  .detail {
    font-size: var(--size-14);
    color: var(--muted);
  }
  .progress {
    display: grid;
    grid-template-columns: 1fr 5ch;
    align-items: center;
    gap: 12px;
    font-size: var(--size-14);
    font-variant-numeric: tabular-nums;
    text-align: right;
  }
  progress {
    height: 6px;
    border-radius: 3px;
  }
  .steps {
    margin: 8px 0 4px;
    font-size: var(--size-14);
  }
  .step {
    display: grid;
    grid-template-columns: 20px 2ch minmax(0, 5fr) minmax(0, 4fr) minmax(0, 3fr);
    align-items: baseline;
    gap: 0 8px;
    padding: 3px 0;
  }
  .step .mark {
    align-self: center;
  }
  .number {
    color: var(--muted);
    font-variant-numeric: tabular-nums;
    text-align: right;
  }
  .send,
  .said {
    font-family: var(--mono);
    font-size: var(--size-12);
    color: var(--muted);
    overflow-wrap: anywhere;
  }
  .send {
    grid-column: 5;
    text-align: right;
  }
  .said {
    grid-column: 4;
    color: var(--ink);
  }
  .said::before {
    content: '→ ';
    color: var(--muted);
  }
  .try {
    font-size: var(--size-12);
    color: var(--muted);
    font-weight: 400;
  }
  .hint {
    grid-column: 3 / -1;
    margin: 2px 0 4px;
    padding-left: 8px;
    border-left: 2px solid var(--warn);
  }
  .failed .hint {
    border-color: var(--bad);
  }
  @media (max-width: 520px) {
    .step {
      grid-template-columns: 20px 2ch 1fr;
    }
    .step .send,
    .step .said {
      grid-column: 3;
      text-align: left;
    }
  }
`;

export const stageStyles = [bars, own];
