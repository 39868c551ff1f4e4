/** The elements that one sensor's page is made of. */
import './confirm.ts';
import './notice.ts';
import './sensor-commands.ts';
import './sensor-history.ts';
import './sensor-past.ts';
import './sensor-place.ts';
import './sensor-settings.ts';
import './sensor-trail.ts';
