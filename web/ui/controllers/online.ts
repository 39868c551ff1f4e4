/** Whether the browser thinks there is a network: redraws its element when that changes. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** `online` is a hint: `false` is certain, `true` only means that some network is there. */
export class OnlineController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #changed: ((online: boolean) => void) | undefined;
  #stop: AbortController | undefined;

  constructor(host: ReactiveControllerHost, changed?: (online: boolean) => void) {
    this.#host = host;
    this.#changed = changed;
    host.addController(this);
  }

  get online(): boolean {
    return navigator.onLine;
  }

  hostConnected(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const update = () => {
      this.#host.requestUpdate();
      this.#changed?.(this.online);
    };
    window.addEventListener('online', update, { signal });
    window.addEventListener('offline', update, { signal });
  }

  hostDisconnected(): void {
    this.#stop?.abort();
  }
}
