/** The pages of sensors as one person has them, for tests. */
import { Changes } from '../changes.ts';
import { FleetView } from '../fleet.ts';
import { OutboxDelivery } from '../outbox-delivery.ts';
import { SensorView } from '../sensor.ts';
import { TestBackend, TestOutbox } from './backend.ts';
import { SensorsStandIn } from './sensors.ts';
import { MemoryAnswers, MemoryBox } from './shop-portal.ts';

/** A page of one person over these sensors: list, one of them, outbox, and the stores behind. */
export function sensorsPage(
  portal = new SensorsStandIn(),
  { box = new MemoryBox(), cache = new MemoryAnswers(), now = (): number => 5000 } = {},
) {
  const who = { id: 'id-ada' as string | null };
  const userId = () => who.id;
  const changes: Changes = new Changes({
    ...{ box, portal, now },
    account: userId,
    newKey: () => crypto.randomUUID(),
    deliver: () => delivery.deliver(),
  });
  const delivery: OutboxDelivery = new OutboxDelivery(new TestOutbox(), new TestBackend(), {
    changes,
  });
  const own = { portal, cache, changes, userId, now, delivery: delivery.state };
  const [fleet, sensor] = [new FleetView(own), new SensorView(own)];
  return { portal, box, cache, who, changes, delivery, fleet, sensor };
}
