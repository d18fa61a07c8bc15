import { CodedError } from '../../shared/coded-error.ts';
import type { Policies } from './policies.ts';

/** Names that are told at most. */
const MOST_TOLD = 20;

interface Owner {
	seq: number;
	mayNameAny: boolean;
}
type Known = Pick<Policies, 'of' | 'classes' | 'isValid'>;

/** The classes that somebody may name for a task now. */
export const nameableClasses = (owner: Owner, policies: Known) => {
	const own = policies.of(owner.seq).serviceClass;
	return policies.classes().filter(({ name, settings }) => {
		const mayBeNamed = owner.mayNameAny || settings.idleOnly || name === own;
		return mayBeNamed && policies.isValid(name) === true;
	});
};

/**
 * The class that a task is to go by whatever its owner is in later; null when none was asked for. People may name the
 * class that they are in, and those that get only what nobody else can use. Throws `unknown-service-class` or
 * `class-not-allowed`.
 */
export const chooseClass = (asked: string | undefined, owner: Owner, policies: Known): string | null => {
	if (asked === undefined) return null;
	const isValid = policies.isValid(asked);
	const named = nameableClasses(owner, policies);
	if (named.some(({ name }) => name === asked)) return asked;
	const names = named.slice(0, MOST_TOLD).map(({ name }) => name);
	const may = `You may name: ${names.join(', ')}${named.length > names.length ? ', …' : ''}; or leave it out.`;
	const refuse = (code: 'unknown-service-class' | 'class-not-allowed', why: string, message: string) =>
		new CodedError(code, `${why} ${may}`, { fields: [{ path: 'serviceClass', message }] });
	if (isValid === null) throw refuse('unknown-service-class', `There is no service class ${asked}.`, 'is not there');
	if (!isValid)
		throw refuse('class-not-allowed', `The service class ${asked} does not count at this time.`, 'is not valid now');
	throw refuse('class-not-allowed', `You are not in the service class ${asked}.`, 'is not yours');
};
