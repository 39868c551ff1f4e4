/** The dot beside a sensor's state, in its colour; whoever uses it puts the word beside it. */
import { css } from 'lit';

export const stateDot = css`
  .dot {
    flex: none;
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: var(--muted);
  }
  .online .dot {
    background: var(--ok);
  }
  .late .dot {
    background: var(--warn);
  }
  .silent .dot {
    background: var(--bad);
  }
`;
