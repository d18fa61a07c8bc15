import { pauseSchedule, resumeSchedule } from '../../../shared/client/schedules.ts';
import { pauseSource, resumeSource } from '../../../shared/client/sources.ts';
import type { EveryonesThing } from '../../../shared/protocol/everyones-thing.ts';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

/** Of other people's things operators may pause these; what pauses one and what lets it go on. */
const STEERED = {
	schedule: { pause: pauseSchedule, resume: resumeSchedule },
	source: { pause: pauseSource, resume: resumeSource },
} as const;

/** Whether an operator can stop a thing of this kind, or let it go on. */
export const isSteered = (kind: EveryonesThing['kind']): kind is keyof typeof STEERED => kind in STEERED;

/** Pauses what is on, and lets go on what is not. */
export const useSteering = () =>
	useAct({
		act: async ({ kind, id, state }: EveryonesThing) => {
			if (!isSteered(kind)) return;
			const { pause, resume } = STEERED[kind];
			await (state === 'on' ? pause(http, id, words.reason) : resume(http, id));
		},
		key: keys.things,
		failed: words.notDone,
	});
