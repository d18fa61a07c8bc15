import { CodedError } from '../../../../shared/coded-error.ts';
import { DAV, elementsIn, isDav, requireFewNames, type XmlElement, type XmlName } from './xml-element.ts';

/** What PROPFIND asks for: the names of what there is, all that is usual, or some by name. */
export type PropfindRequest =
	| { kind: 'names' }
	| { kind: 'all'; include: XmlName[] }
	| { kind: 'some'; names: XmlName[] };

/** Without a body everything usual is meant. */
export const readPropfind = (root: XmlElement | null): PropfindRequest => {
	if (root === null) return { kind: 'all', include: [] };
	const refuse = (): never => {
		throw new CodedError('bad-request', 'The body asks for no properties: one of prop, allprop or propname is needed.');
	};
	if (!isDav(root, 'propfind')) return refuse();
	const known = elementsIn(root).filter(({ namespace }) => namespace === DAV);
	const [asked, ...more] = known.filter((one) => ['prop', 'allprop', 'propname'].includes(one.name));
	if (!asked || more.length > 0) return refuse();
	if (asked.name === 'propname') return { kind: 'names' };
	if (asked.name === 'prop') return { kind: 'some', names: namesIn(asked) };
	const include = known.find(({ name }) => name === 'include');
	return { kind: 'all', include: include ? namesIn(include) : [] };
};

/** Each once. */
const namesIn = (element: XmlElement): XmlName[] => {
	const names = new Map<string, XmlName>();
	for (const { namespace, name } of elementsIn(element)) names.set(`${namespace} ${name}`, { namespace, name });
	const named = [...names.values()];
	requireFewNames(named);
	return named;
};
