import type { ReactNode } from 'react';

/** A line of what is known of a thing; for a list with the class `facts`. */
export const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
	<div>
		<dt>{name}</dt>
		<dd>{children}</dd>
	</div>
);
