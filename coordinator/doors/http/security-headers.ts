/** What pages of ours may do: load from here, talk to here, nothing else. */
export const PAGE_POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' blob: data:",
	"font-src 'self'",
	"connect-src 'self'",
	"worker-src 'self'",
	"manifest-src 'self'",
	"media-src 'self' blob:",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'none'",
].join('; ');

/** Headers of every answer, whatever it is. Pages loosen the policy, content tightens it. */
export const securityHeaders = (isTls: boolean): readonly (readonly [name: string, value: string])[] => [
	['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
	['cross-origin-opener-policy', 'same-origin'],
	['cross-origin-resource-policy', 'same-origin'],
	['referrer-policy', 'no-referrer'],
	['x-content-type-options', 'nosniff'],
	...(isTls ? ([['strict-transport-security', 'max-age=31536000']] as const) : []),
];
