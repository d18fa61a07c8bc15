import { fileURLToPath } from 'node:url';
import type { DatasetAbout } from '../../shared/protocol/dataset.ts';

/** A dataset that the project brings, there from the first start on until somebody deletes it. */
interface Sample {
	/** Which folder of `samples` it is. */
	sample: 'images' | 'text' | 'csv';
	name: string;
	about: DatasetAbout;
}

const CC0 = { name: 'CC0 1.0', text: null };

export const SAMPLES: readonly Sample[] = [
	{
		sample: 'images',
		name: 'sample-images',
		about: {
			title: 'Sample images',
			description: 'Twelve small pictures in four formats, made by a program: to try thumbnails and conversions on.',
			licence: CC0,
		},
	},
	{
		sample: 'text',
		name: 'sample-text',
		about: {
			title: 'Sample texts',
			description: 'Eight short texts in several scripts and encodings: to try checksums and text statistics on.',
			licence: CC0,
		},
	},
	{
		sample: 'csv',
		name: 'sample-csv',
		about: {
			title: 'Sample tables',
			description: 'Four made-up tables as CSV: to try profiles of columns on.',
			licence: CC0,
		},
	},
];

/** Where a sample's files lie; `tools/bundle.mjs` puts them beside the coordinator. */
export const sampleDirectory = (sample: string): string =>
	fileURLToPath(new URL(`./samples/${sample}`, import.meta.url));
