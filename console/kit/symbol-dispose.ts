// Safari does not have it yet, and the shared client's classes are named by it. Must be imported before them.
if (Symbol.dispose === undefined) {
	Object.defineProperty(Symbol, 'dispose', { value: Symbol('Symbol.dispose') });
}

export {};
