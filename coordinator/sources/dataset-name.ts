import { datasetNameSchema } from '../../shared/protocol/dataset.ts';

const MOST = 55;

/** A dataset's name made of a source's; `number` tells it from those that have it already. */
export const datasetNameOf = (source: string, number: number): string => {
	const plain = source
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z0-9.]+/g, '-')
		.replace(/^[.-]+/, '')
		.slice(0, MOST)
		.replace(/[.-]+$/, '');
	const stem = datasetNameSchema.safeParse(plain).success ? plain : 'topic';
	return number === 1 ? stem : `${stem}-${number}`;
};
