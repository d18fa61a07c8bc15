/** Exit codes of `millrace`, as its help tells them. */
export const EXIT = {
	ok: 0,
	/** The server refused, or something here failed. */
	failed: 1,
	usage: 2,
	notSignedIn: 3,
	notFound: 4,
	unreachable: 5,
	/** Everything was asked for, but a task that was waited for did not succeed. */
	taskFailed: 6,
	interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    refused by the server, or failed here
  2    wrong usage
  3    not signed in
  4    not found
  5    no Millrace server answers at the address
  6    a task that was waited for did not succeed
  130  interrupted`;
