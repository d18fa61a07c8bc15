import { serveLedger } from '../../coordinator/database/ledger-thread-server.ts';
import { FEW_OPERATIONS } from './few-operations.ts';

// The entry of a database thread that need not load the operations of all rooms.
void serveLedger(async () => FEW_OPERATIONS);
