/** What stands behind a label's address. */
import { ActivationApi } from '../api/activation.ts';
import type { Http } from '../api/http.ts';
import { Activation } from '../app/activation.ts';

export const activation = (http: Http): Activation => new Activation(new ActivationApi(http));
