import type { WentFirstRule } from '../../shared/protocol/task-decisions.ts';
import { comesBefore, type ReadyTask } from '../scheduler/ready-task.ts';
import { bandOf, type ClassRules, IDLE_ONLY, plainClass } from '../scheduler/service-class.ts';

/** A task and where it stands. */
export interface Standing {
	task: ReadyTask;
	queue: string | null;
}

/**
 * By which rule another task was started before this one, which stood in line. `couldStart`: whether this one could have
 * been started at that moment; null: nobody knows. That a class or a person had used less is told by what is left: both
 * could start, and nothing that goes before use made the difference.
 */
export const wentFirstBy = (
	mine: Standing,
	other: Standing,
	couldStart: boolean | null,
	classes: readonly ClassRules[],
): WentFirstRule => {
	if (couldStart === false) return 'could-not-start';
	if (other.task.boosted && !mine.task.boosted) return 'boosted';
	const [band, others] = [bandOfTask(mine.task, classes), bandOfTask(other.task, classes)];
	if (others > band) return band === IDLE_ONLY ? 'idle-only' : 'higher-band';
	if (others < band) return couldStart ? 'aged' : 'lower-band';
	if (mine.task.serviceClass !== other.task.serviceClass) return 'class-used-less';
	if (mine.task.owner !== other.task.owner) return 'person-used-less';
	if (mine.queue !== other.queue) return 'queue-turn';
	if (!comesBefore(other.task, mine.task)) return 'could-not-start';
	return other.task.priority > mine.task.priority ? 'own-priority' : 'own-earlier';
};

const bandOfTask = ({ boosted, serviceClass }: ReadyTask, classes: readonly ClassRules[]): number =>
	bandOf(classes.find(({ id }) => id === serviceClass) ?? plainClass(serviceClass), boosted);
