import { type ServiceClassSettings, STANDARD_CLASS } from '../../../shared/protocol/service-class.ts';
import { formatPercent } from '../../kit/format.ts';
import { CLASS_FIELDS, type ClassField } from './class-fields.ts';
import { isSameValue, settingWords, valueAt } from './setting-values.ts';
import { words } from './words.ts';

interface PreviewRow {
	field: ClassField;
	words: string;
	/** What the standard class has there, where that is something else. */
	standard: string | null;
}

/** What would be in force for the people of a class, value by value; what the class is for is nothing that counts. */
export const previewRows = (settings: ServiceClassSettings, standard: ServiceClassSettings): PreviewRow[] =>
	CLASS_FIELDS.filter(({ path }) => path !== 'description').map((field) => {
		const [here, there] = [valueAt(settings, field.path), valueAt(standard, field.path)];
		const isSame = isSameValue(here, there);
		return { field, words: settingWords(field, here), standard: isSame ? null : settingWords(field, there) };
	});

interface Peer {
	name: string;
	band: number;
	weight: number;
	idleOnly: boolean;
}

/** How the class stands among the others, in sentences. */
export const standingSentences = (name: string, settings: ServiceClassSettings, others: readonly Peer[]): string[] => {
	const { band, weight, idleOnly } = settings;
	const peers = others.filter((other) => other.name !== name);
	const beside = peers.filter((other) => other.idleOnly === idleOnly && (idleOnly || other.band === band));
	const all = weight + beside.reduce((sum, other) => sum + other.weight, 0);
	const share = beside.length === 0 ? null : formatPercent(weight / all);
	const named = beside.map((other) => other.name).join(', ');
	if (idleOnly) {
		return [words.leavings, ...(share === null ? [] : [words.besideIdle(named, share)])];
	}
	const over = peers.filter((other) => !other.idleOnly && other.band > band).map((other) => other.name);
	const under = peers.filter((other) => other.idleOnly || other.band < band).map((other) => other.name);
	return [
		...(over.length > 0 ? [words.goesAfter(over.join(', '))] : [words.first]),
		...(share === null ? [words.alone] : [words.beside(named, share)]),
		...(under.length > 0 ? [words.goesBefore(under.join(', '))] : []),
		...(name === STANDARD_CLASS ? [words.everybody] : []),
	];
};
