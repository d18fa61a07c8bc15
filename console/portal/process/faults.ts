import { mediaPatternsSchema } from '../../../shared/protocol/recipe.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { filingFault, patternsOf } from '../recipes/recipe-words.ts';
import { ruleOf } from '../schedules/rule-draft.ts';
import type { Start } from './equivalents.ts';
import { type ChosenSecrets, isRoutingKey, type Wish } from './wish.ts';

/** Sections of the page in which something may be missing. */
export const SECTIONS = {
	settings: 'process-settings',
	when: 'process-when',
	class: 'process-class',
	results: 'process-results',
} as const;

export interface Fault {
	section: keyof typeof SECTIONS;
	message: string;
}

/** What a routing key is made of. */
export const KEY_WORDS = 'words of letters, digits, - and _, joined by dots';

/** Slots of required secrets that nothing is chosen for. */
export const missingSecrets = ({ secrets }: Pick<Manifest, 'secrets'>, chosen: ChosenSecrets) =>
	secrets.filter(({ slot, required }) => required && chosen[slot] === undefined);

/** What beside the settings keeps it from being started. */
export const faultsOf = (wish: Wish, start: Start, type: Pick<Manifest, 'secrets'>): Fault[] => {
	const faults: Fault[] = missingSecrets(type, wish.secrets).map(({ title }) => ({
		section: 'settings',
		message: `Choose a secret for “${title}”`,
	}));
	const isOfFolder = start.when === 'upload' || wish.work.kind === 'folder';
	const kinds = patternsOf(wish.kinds);
	if (isOfFolder && kinds.length > 0 && !mediaPatternsSchema.safeParse(kinds).success) {
		faults.push({ section: 'when', message: 'Write kinds of files such as image/jpeg or image/*' });
	}
	if (start.when === 'upload' && start.folder.trim() === '') {
		faults.push({ section: 'when', message: 'Write the whole path of the folder, such as /photos' });
	}
	if (start.when !== 'now' && start.name.trim() === '') {
		faults.push({ section: 'when', message: `Give the ${start.when === 'upload' ? 'recipe' : 'schedule'} a name` });
	}
	if (start.when === 'schedule' && ruleOf(start.rule) === null) {
		faults.push({ section: 'when', message: 'Say when it runs' });
	}
	if (!isRoutingKey(wish.routingKey)) faults.push({ section: 'class', message: `Routing key: ${KEY_WORDS}` });
	if (filingFault(wish.filing) !== null) {
		faults.push({ section: 'results', message: 'Write the whole path of the folder for the outputs' });
	}
	return faults;
};
