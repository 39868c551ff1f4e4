/** The elements of the modem's page. */
import './at-log.ts';
import './at-script.ts';
import './diagnosis.ts';
import './notice.ts';
