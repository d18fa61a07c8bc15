import { CodedError } from '../../../shared/coded-error.ts';
import { ERRORS, type ErrorCode } from '../../../shared/protocol/errors.ts';
import { escapeXml, XML_HEAD, XML_TYPE } from './xml/write-xml.ts';
import { DECLARED } from './xml/xml-element.ts';

/** Names of conditions, as RFC 4918 (and 4331, for quotas) has them. */
type DavCondition =
	| 'lock-token-matches-request-uri'
	| 'lock-token-submitted'
	| 'no-conflicting-lock'
	| 'propfind-finite-depth'
	| 'cannot-modify-protected-property'
	| 'quota-not-exceeded'
	| 'sufficient-disk-space';

/** A refusal for which WebDAV has a name of its own. */
export class DavError extends CodedError {
	readonly condition: DavCondition;
	/** What it is about. */
	readonly hrefs: readonly string[];

	constructor(code: ErrorCode, condition: DavCondition, detail?: string, hrefs: readonly string[] = []) {
		super(code, detail);
		this.condition = condition;
		this.hrefs = hrefs;
	}
}

const CONDITIONS: Partial<Record<ErrorCode, DavCondition>> = {
	'quota-exceeded': 'quota-not-exceeded',
	'disk-full': 'sufficient-disk-space',
};

/** What programs may find in a refusal, and a person who reads the answer by hand. */
export const davProblem = (error: CodedError, requestId: string): { type: string; body: string } => {
	const condition = error instanceof DavError ? error.condition : CONDITIONS[error.code];
	const hrefs = error instanceof DavError ? error.hrefs.map((href) => `<D:href>${href}</D:href>`).join('') : '';
	const about =
		condition === undefined ? '' : hrefs === '' ? `<D:${condition}/>` : `<D:${condition}>${hrefs}</D:${condition}>`;
	const ours = [
		`<m:code>${error.code}</m:code>`,
		`<m:title>${escapeXml(ERRORS[error.code].title)}</m:title>`,
		`<m:detail>${escapeXml(error.message)}</m:detail>`,
		`<m:request-id>${requestId}</m:request-id>`,
	].join('');
	return {
		type: XML_TYPE,
		body: `${XML_HEAD}<D:error ${DECLARED}>${about}${ours}</D:error>\n`,
	};
};
