import { CodedError } from '../../shared/coded-error.ts';

export const tooLong = (ms: number): CodedError =>
	new CodedError(
		'period-too-long',
		`It was not worked out within ${Math.round(ms / 1_000)} seconds. Choose a shorter time, or one with less work.`,
	);

export const tooMuch = (cause: Error): CodedError =>
	new CodedError('period-too-long', 'The record of that time does not fit in memory. Choose a shorter time.', {
		cause,
	});
