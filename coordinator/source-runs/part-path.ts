const FOLDER = 'items';
const PART = /^items\/(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3}Z)\.jsonl$/;

/** When a part of a source's dataset came, by its path; null when it is no part. */
export const timeOfPart = (path: string): number | null => {
	const [, day, hours, minutes, seconds] = PART.exec(path) ?? [];
	const at = day === undefined ? Number.NaN : Date.parse(`${day}T${hours}:${minutes}:${seconds}`);
	return Number.isFinite(at) ? at : null;
};

/** The path of an output in the dataset: by time, so that the order of the paths is the order in which they came. */
export const partPath = (output: string, at: number): string => {
	// Without what file systems elsewhere do not take in a name.
	const time = new Date(at).toISOString().replaceAll(':', '-');
	if (output === 'items.jsonl') return `${FOLDER}/${time}.jsonl`;
	const dot = output.lastIndexOf('.');
	const [stem, extension] = dot > 0 ? [output.slice(0, dot), output.slice(dot)] : [output.replaceAll('.', ''), ''];
	return `${stem === '' || stem === FOLDER ? 'output' : stem}/${time}${extension}`;
};
