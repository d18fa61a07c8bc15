import type { QuarantineGroup } from '../../../shared/protocol/quarantine.ts';

/** The causes in which all words of the text occur. */
export const findCauses = (groups: readonly QuarantineGroup[], text: string): readonly QuarantineGroup[] => {
	const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
	if (wanted.length === 0) return groups;
	return groups.filter(({ group, type, errorCode, message }) => {
		const said = `${group} ${type} ${errorCode} ${message}`.toLowerCase();
		return wanted.every((word) => said.includes(word));
	});
};
