/** The door as a Worker of its own beside the product's; scripts/start/serve.ts binds it. */
import { answer, type DoorEnv } from './door.ts';

export default { fetch: (request: Request, env: DoorEnv) => answer(request, env) };
