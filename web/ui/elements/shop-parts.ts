/** The elements with which an owner says something of the own shop. */
import './confirm.ts';
import './opening-hours.ts';
import './shop-day-form.ts';
import './small-counts.ts';
import './till-import.ts';
import './typical-week.ts';
import './week-mail.ts';
