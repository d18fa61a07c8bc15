import type { NodeView } from '../../../shared/protocol/node.ts';
import { Icon } from '../../kit/icons.tsx';
import page from '../../kit/shell/page.module.css';
import { grantedRows } from './granted.ts';
import classes from './node.module.css';
import { words } from './words.ts';

/** What a machine says of itself against what it may do. */
export const GrantedCard = ({ node }: { node: NodeView }) => {
	const rows = grantedRows(node);
	return (
		<section className={page.card} aria-labelledby="node-granted">
			<h2 id="node-granted">{words.granted}</h2>
			{rows.length === 0 ? (
				<p className={page.quiet}>{words.notYet}</p>
			) : (
				<table className={classes.granted} aria-labelledby="node-granted">
					<thead>
						<tr>
							<td />
							<th scope="col">{words.declares}</th>
							<th scope="col">{words.isGranted}</th>
						</tr>
					</thead>
					<tbody>
						{rows.map(({ what, declares, granted, differs }) => (
							<tr key={what} data-differs={differs || undefined}>
								<th scope="row">{what}</th>
								{differs ? (
									<>
										<td>{declares}</td>
										<td>
											<Icon name="edit" size={13} /> <span className="millrace-off-screen">{words.differs}: </span>
											{granted}
										</td>
									</>
								) : (
									<td colSpan={2}>{declares}</td>
								)}
							</tr>
						))}
					</tbody>
				</table>
			)}
		</section>
	);
};
