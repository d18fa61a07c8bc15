import { useMediaQuery } from '@mantine/hooks';

/** Whether the page is on a phone, or as narrow: nothing is dropped there, and there are hardly keys. */
export const useHandheld = (): boolean =>
	useMediaQuery('(pointer: coarse), (max-width: 720px)', false, { getInitialValueInEffect: false });
