import { CodedError } from '../../../../shared/coded-error.ts';
import { roomToWrite, writeElement } from './write-xml.ts';
import { elementsIn, isDav, type XmlElement } from './xml-element.ts';

export interface LockRequest {
	isExclusive: boolean;
	/** What the client says of who holds the lock, as XML; it is only kept and given back. */
	holder: string | null;
}

export const readLockRequest = (root: XmlElement): LockRequest => {
	const parts = isDav(root, 'lockinfo') ? elementsIn(root) : [];
	const inside = (name: string): string[] => {
		const part = parts.find((one) => isDav(one, name));
		return part
			? elementsIn(part)
					.filter((one) => isDav(one, one.name))
					.map((one) => one.name)
			: [];
	};
	const [scope] = inside('lockscope');
	if ((scope !== 'exclusive' && scope !== 'shared') || inside('locktype')[0] !== 'write') {
		throw new CodedError('bad-request', 'The body has to ask for an exclusive or a shared lock for writing.');
	}
	const owner = parts.find((one) => isDav(one, 'owner'));
	return { isExclusive: scope === 'exclusive', holder: owner ? writeElement(owner, roomToWrite()) : null };
};
