import { CodedError } from '../../../../shared/coded-error.ts';
import { roomToWrite, writeElement } from './write-xml.ts';
import { elementsIn, isDav, requireFewNames, type XmlElement, type XmlName } from './xml-element.ts';

/** One change of a property, as PROPPATCH orders it; the value is the property's whole element. */
export type PropertyChange = { set: XmlName & { value: string } } | { remove: XmlName };

/** The changes in their order. */
export const readProppatch = (root: XmlElement | null): PropertyChange[] => {
	if (root === null || !isDav(root, 'propertyupdate')) {
		throw new CodedError('bad-request', 'The body has no propertyupdate.');
	}
	const room = roomToWrite();
	const changes = elementsIn(root).flatMap((order): PropertyChange[] => {
		const isSet = isDav(order, 'set');
		if (!isSet && !isDav(order, 'remove')) return [];
		const properties = elementsIn(order)
			.filter((child) => isDav(child, 'prop'))
			.flatMap(elementsIn);
		return properties.map((property) => {
			const { namespace, name } = property;
			return isSet
				? { set: { namespace, name, value: writeElement(property, room) } }
				: { remove: { namespace, name } };
		});
	});
	if (changes.length === 0) throw new CodedError('bad-request', 'The body changes no property.');
	requireFewNames(changes.map(nameOf));
	return changes;
};

export const nameOf = (change: PropertyChange): XmlName => {
	const { namespace, name } = 'set' in change ? change.set : change.remove;
	return { namespace, name };
};
