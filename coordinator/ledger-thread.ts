import { serveLedger } from './database/ledger-thread-server.ts';

// All operations of all rooms are most of the code, and the thread that only copies the log back needs none of them.
void serveLedger(async () => (await import('./operations.ts')).OPERATIONS);
