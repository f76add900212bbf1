/** Commands that order one thing and say so. */
import type { Accepted } from '../api/status.ts';
import { printReport, sendOrder } from './api-question.ts';
import type { OrderWord } from './command-table.ts';
import type { CommandCall } from './operator-command.ts';
import { type Order, toOrder } from './order.ts';

export async function giveOrder(call: CommandCall, { path, body, said }: Order): Promise<void> {
  const accepted = await sendOrder<Accepted>(call, path, body);
  printReport(call, accepted, () => `${said}\n`);
}

export function createOrder(word: OrderWord): (call: CommandCall) => Promise<void> {
  return (call) => giveOrder(call, toOrder(word, call));
}
