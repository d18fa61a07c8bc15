import { Component, type ReactNode } from 'react';
import { ErrorState } from '../states.tsx';

interface BoundaryState {
	error: unknown;
	at: string;
}

/** Keeps a fault of one page from taking the frame, and the uploads in it, down; another page is another try. */
export class PageBoundary extends Component<{ at: string; children: ReactNode }, BoundaryState> {
	override state: BoundaryState = { error: null, at: this.props.at };

	static getDerivedStateFromError(error: unknown) {
		return { error };
	}

	static getDerivedStateFromProps({ at }: { at: string }, state: BoundaryState): BoundaryState | null {
		return at === state.at ? null : { error: null, at };
	}

	override render() {
		if (this.state.error === null) return this.props.children;
		return (
			<ErrorState
				error={this.state.error}
				what="This page could not be shown"
				onRetry={() => this.setState({ error: null })}
			/>
		);
	}
}
