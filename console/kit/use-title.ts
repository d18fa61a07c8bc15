import { useEffect } from 'react';

/** The window's title: the page, then the product. */
export const useTitle = (page: string): void => {
	useEffect(() => {
		document.title = `${page} · Millrace`;
	}, [page]);
};
