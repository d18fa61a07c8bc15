import type { Me } from '../../../shared/protocol/account.ts';
import { formatBytes, plural } from '../../kit/format.ts';

/** What one's files take, of what they may take if there is a limit. */
export const storageText = ({ files, usedBytes, quotaFiles, quotaBytes }: Me['storage']): string => {
	const count = quotaFiles === null ? plural(files, 'file') : `${files} of ${plural(quotaFiles, 'file')}`;
	const size = formatBytes(usedBytes);
	return `${count}, ${quotaBytes === null ? size : `${size} of ${formatBytes(quotaBytes)}`}`;
};
