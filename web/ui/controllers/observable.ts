/**
 * Redraws an element when state changes: the one bridge from the observable state of web/app to
 * Lit. Knows no particular state.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Observable } from '../../app/observable.ts';

/** Follows what `source` gives at each connection; `undefined` while the element has none yet. */
export class ObservableController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => Observable<T> | undefined;
  #followed: Observable<T> | undefined;
  #stop: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, source: () => Observable<T> | undefined) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  hostConnected(): void {
    this.#follow();
  }

  /** Properties may be set after the element is connected, or replaced. */
  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#followed = undefined;
  }

  #follow(): void {
    const source = this.#source();
    if (source === this.#followed) return;
    this.#stop?.();
    this.#followed = source;
    this.#stop = source?.subscribe(() => this.#host.requestUpdate());
  }
}
