import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import type { Output } from '../terminal/output.ts';
import { bytesInWords, counted, localTime } from '../terminal/words.ts';

/** In one word or two where it stands. */
export const stateInWords = ({ state, version, licence }: DatasetView): string => {
	if (state === 'importing') return version === 0 ? 'being published' : 'next version coming';
	if (state === 'failed') return 'failed';
	if (version === 0) return 'empty';
	return licence.accepted ? 'ready' : 'accept the licence first';
};

/** All about a dataset, for people. */
export const showDataset = (out: Output, dataset: DatasetView): void => {
	const { name, id, title, description, owner, licence, version, files, bytes, reason, everyone } = dataset;
	out.line(`${name}  ${title}`);
	out.line(`  id       ${id}`);
	out.line(`  owner    ${owner?.username ?? 'the system'}${everyone ? ', for everybody' : ''}`);
	out.line(
		`  version  ${version === 0 ? 'none yet' : `${version}: ${counted(files, 'file')}, ${bytesInWords(bytes)}`}`,
	);
	out.line(`  state    ${stateInWords(dataset)}`);
	if (dataset.kind === 'linked') out.line('  kept     in its directory on the coordinator’s machine');
	if (reason !== null) out.line(`  ${dataset.state === 'failed' ? 'failed   ' : 'attend   '}${reason}`);
	if (licence.name !== '' || licence.text !== null) out.line(`  licence  ${licence.name || 'see below'}`);
	out.line(`  changed  ${localTime(dataset.updatedAt)}`);
	if (description !== '') for (const line of ['', ...description.split('\n')]) out.line(line);
	if (licence.text !== null) for (const line of ['', ...licence.text.split('\n')]) out.line(line);
};
