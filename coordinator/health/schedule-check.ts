import { type Finding, named, well } from './check.ts';
import type { HealthFacts } from './facts.ts';

const MANY_FAILURES = 3;

export const checkSchedules = ({ schedules }: HealthFacts): Finding => {
	const bad = schedules.filter(({ failures, stopped }) => stopped || failures >= MANY_FAILURES);
	if (bad.length === 0) return well('schedules', 'No schedule fails again and again.');
	const words = bad.map(({ name, owner, failures, stopped }) => {
		const how = stopped ? 'has paused itself' : `failed ${failures} times in a row`;
		return `${name} of ${owner} ${how}`;
	});
	return {
		...{ name: 'schedules', state: 'warn', what: `${named(words)}.` },
		do: 'Look at its last runs for the reason: millrace schedules runs NAME; its owner resumes it when that is mended.',
	};
};
