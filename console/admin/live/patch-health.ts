import type { HealthView } from '../../../shared/protocol/health.ts';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';

/** The checks with those that are in another state since they were read. The same object when there are none. */
export const patchHealth = (view: HealthView, patches: readonly LivePatch[]): HealthView => {
	const readAt = Date.parse(view.at);
	const newer = new Map(
		patches.flatMap((patch) =>
			patch.kind === 'health' && patch.version > readAt ? [[patch.check.name, patch.check] as const] : [],
		),
	);
	if (newer.size === 0) return view;
	const checks = view.checks.map((check) => newer.get(check.name) ?? check);
	const has = (state: string) => checks.some((check) => check.state === state);
	return { ...view, checks, state: has('fail') ? 'fail' : has('warn') ? 'warn' : 'ok' };
};
