import type { HttpClient } from '../../../shared/client/http-client.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { listSchedules, readSchedule } from '../../../shared/client/schedules.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { nameKey } from '../../../shared/name-key.ts';
import type { ScheduleSummary } from '../../../shared/protocol/schedule.ts';

/** One's own by name, anybody's by id. Throws `not-found`. */
export const findSchedule = async (http: HttpClient, named: string, signal: AbortSignal): Promise<ScheduleSummary> => {
	if (/^sch_[0-9a-z]{26}$/.test(named)) return readSchedule(http, named, { signal });
	const pages = (cursor?: string) => listSchedules(http, cursor === undefined ? {} : { cursor }, { signal });
	for await (const schedule of eachItem(pages)) if (nameKey(schedule.name) === nameKey(named)) return schedule;
	throw new CodedError('not-found', `You have no schedule ${named}; see: millrace schedules list`);
};
